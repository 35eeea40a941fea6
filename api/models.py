"""The JSON of the API: shapes that clients may rely on, and how values become them.

Owns the names in the answers. A mark is a pair of code-point offsets into the plain text beside it: no HTML in JSON.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from api import french
from indexer.night import Night, SourceCard
from indexer.query import Query
from indexer.results import Facet, Fragment, Hit, OperatorName, Results, Suggestions


class Marked(BaseModel):
    """Plain text, and which parts of it match."""

    text: str
    marks: list[tuple[int, int]] = Field(description="[début, fin[ en points de code")
    notation: list[tuple[int, int]] = Field(description="ce qui est formule ou code, de même")

    @classmethod
    def of(cls, fragment: Fragment) -> Marked:
        """From the value of a hit."""
        return cls(text=fragment.text, marks=list(fragment.marks), notation=list(fragment.notation))


class Named(BaseModel):
    """An id and what readers call it."""

    id: str
    label: str


class Found(BaseModel):
    """One article."""

    id: str
    url: str
    title: Marked
    excerpt: Marked
    source: Named
    source_type: str = Field(description="individual, collective, institution, media, podcast ou video")
    authors: list[str]
    date: datetime | None
    disciplines: list[Named]
    words: int
    members_only: bool = Field(description="l’article est réservé aux abonnés du blog, seul son début est connu")
    gone_since: datetime | None = Field(description="depuis quand le site entier ne répond plus")
    archive: str | None = Field(description="une copie de la page dans l’archive du web, quand le site a disparu")
    pinned: bool = Field(description="choisi à la main comme réponse à cette demande")

    @classmethod
    def of(cls, hit: Hit) -> Found:
        """From a hit."""
        return cls(
            id=hit.id,
            url=hit.url,
            title=Marked.of(hit.title),
            excerpt=Marked.of(hit.excerpt),
            source=Named(id=hit.source_id, label=hit.source_name),
            source_type=hit.source_type,
            authors=list(hit.authors),
            date=hit.date,
            disciplines=[Named(id=one, label=french.discipline(one)) for one in hit.disciplines],
            words=hit.words,
            members_only=hit.members_only,
            gone_since=hit.gone_since,
            archive=hit.archive,
            pinned=hit.pinned,
        )


class Value(BaseModel):
    """One value of a facet: how many articles choosing it would leave."""

    value: str
    label: str
    count: int
    selected: bool


class Group(BaseModel):
    """One facet; `name` is its parameter."""

    name: str
    label: str
    values: list[Value]

    @classmethod
    def of(cls, facet: Facet) -> Group:
        """From a facet of the results."""
        values = [Value(value=one.value, label=one.label, count=one.count, selected=one.selected) for one in facet.values]
        return cls(name=facet.name, label=facet.label, values=values)


class Replaced(BaseModel):
    """A word of the query, and what was searched in its place or beside it."""

    typed: str
    used: list[str]


class Operator(BaseModel):
    """An operator of the query, and what it was taken for."""

    name: OperatorName
    typed: str
    labels: list[str] = Field(description="ce qui est entre guillemets, les blogs ou disciplines désignés, un jour, un DOI")
    excluded: bool = Field(description="un moins le précède")
    known: bool = Field(description="faux s’il désigne ce qui n’existe pas ici")


class Year(BaseModel):
    """How many articles are of one year."""

    year: int
    count: int
    selected: bool


class Asked(BaseModel):
    """The query as it was understood."""

    q: str
    filters: dict[str, list[str]]
    tri: str
    page: int
    size: int
    tel_quel: bool = Field(description="les mots tels quels, sans correction")

    @classmethod
    def of(cls, query: Query) -> Asked:
        """From the query value."""
        filters = {name: list(values) for name, values in query.filters.items()}
        return cls(q=query.text, filters=filters, tri=query.sort, page=query.page, size=query.size, tel_quel=query.as_typed)


class SearchAnswer(BaseModel):
    """One page of results."""

    query: Asked
    total: int = Field(description="tous les articles trouvés")
    pages: int = Field(description="les pages que l’on peut atteindre")
    hits: list[Found]
    facets: list[Group]
    years: list[Year] = Field(description="les articles par année, la plus ancienne d’abord, sans le filtre de l’année")
    operators: list[Operator]
    corrections: list[Replaced] = Field(description="mots qu’aucun article ne contient, et ceux cherchés à leur place")
    synonyms: list[Replaced] = Field(description="ce qui a été cherché en plus des mots de la demande")
    ignored: list[str] = Field(description="mots laissés de côté")
    unknown: list[str] = Field(description="mots que rien n’approche ; entre guillemets, mots qu’aucun article ne contient")
    partial: bool = Field(description="aucun article n’a assez des mots demandés : ceux-ci en ont une partie")
    whole: int | None = Field(description="combien ont assez des mots demandés, quand les autres n’en ont qu’une partie ; sinon null")
    cut: bool = Field(description="la demande était trop longue : seul son début a été lu")
    generation: str = Field(description="change à chaque publication de l’index")

    @classmethod
    def of(cls, results: Results) -> SearchAnswer:
        """From the results."""
        return cls(
            query=Asked.of(results.query),
            total=results.total,
            pages=results.pages,
            hits=[Found.of(hit) for hit in results.hits],
            facets=[Group.of(facet) for facet in results.facets],
            years=[Year(year=one.year, count=one.count, selected=one.selected) for one in results.years],
            operators=[
                Operator(name=one.name, typed=one.typed, labels=list(one.labels), excluded=one.excluded, known=one.known)
                for one in results.operators
            ],
            corrections=[Replaced(typed=one.typed, used=list(one.used)) for one in results.corrections],
            synonyms=[Replaced(typed=one.typed, used=list(one.used)) for one in results.synonyms],
            ignored=list(results.ignored),
            unknown=list(results.unknown),
            partial=results.partial,
            whole=results.whole,
            cut=results.cut,
            generation=results.generation,
        )


class Titled(BaseModel):
    """An article by its title."""

    id: str
    title: str


class SuggestAnswer(BaseModel):
    """What a text being typed may become."""

    texts: list[str] = Field(description="demandes entières, le dernier mot complété")
    titles: list[Titled] = Field(description="articles dont le titre contient tous les mots")
    generation: str = Field(description="change à chaque publication de l’index")

    @classmethod
    def of(cls, found: Suggestions) -> SuggestAnswer:
        """From the suggestions."""
        titles = [Titled(id=one, title=title) for one, title in found.titles]
        return cls(texts=list(found.texts), titles=titles, generation=found.generation)


class SimilarAnswer(BaseModel):
    """Articles that speak of the same, the nearest first."""

    hits: list[Found]

    @classmethod
    def of(cls, hits: tuple[Hit, ...]) -> SimilarAnswer:
        """From the hits."""
        return cls(hits=[Found.of(hit) for hit in hits])


class Blog(BaseModel):
    """One blog of the list."""

    id: str
    name: str
    url: str
    disciplines: list[Named]
    type: str
    country: str | None
    licence: str | None
    status: str
    why: str | None
    articles: int
    last_success: datetime | None
    state: str | None
    cause: str
    found: int = Field(description="les articles relevés, trouvables ou non")
    expected: int | None = Field(description="ce que le site dit en avoir, à peu près")
    undated: int = Field(description="relevés sans date")
    empty: int = Field(description="relevés sans texte")
    failures: int = Field(description="nuits de suite en échec")
    gone_since: datetime | None = Field(description="depuis quand le site entier ne répond plus")
    frozen: bool = Field(description="en observation : ses articles ne sont pas montrés")

    @classmethod
    def of(cls, card: SourceCard) -> Blog:
        """From the card of a source."""
        return cls(
            id=card.id,
            name=card.name,
            url=card.url,
            disciplines=[Named(id=one, label=french.discipline(one)) for one in card.disciplines],
            type=card.type,
            country=card.country,
            licence=card.licence,
            status=card.status,
            why=card.why,
            articles=card.articles,
            last_success=card.last_success,
            state=card.state,
            cause=card.cause,
            found=card.found,
            expected=card.expected,
            undated=card.undated,
            empty=card.empty,
            failures=card.failures,
            gone_since=card.gone_since,
            frozen=card.frozen,
        )


class BlogsAnswer(BaseModel):
    """The list as it was published with the index."""

    published_at: datetime
    crawled_at: datetime | None
    articles: int
    blogs: list[Blog]

    @classmethod
    def of(cls, night: Night) -> BlogsAnswer:
        """From the night."""
        blogs = [Blog.of(card) for card in night.sources]
        return cls(published_at=night.published_at, crawled_at=night.crawled_at, articles=night.articles, blogs=blogs)


class Fault(BaseModel):
    """Why there is no answer."""

    status: int
    message: str
    hint: str | None = None


class FaultAnswer(BaseModel):
    """The body of every answer that failed."""

    error: Fault


class Alive(BaseModel):
    """The process answers."""

    alive: bool = True


class Ready(BaseModel):
    """Whether readers can search, and in what."""

    ready: bool
    articles: int = 0
    generation: str = ""
    reason: str | None = None
