"""How to cite an article: BibTeX (`@online` of biblatex), and a sentence as French readers write it. Pure.

The article is cited at its author's. DOIs that are passed are those that it cites: none is its own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api import french
from api.feeds import MAX_AUTHORS, shown_authors, shown_title
from api.outgoing import plain, undirected, visible, web_address
from indexer.document import PARIS
from indexer.results import Hit
from indexer.stopwords import STOP_WORDS

_LATEX: Final = str.maketrans(
    {
        # Braces count for BibTeX even behind a backslash: they are named.
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "$&#_%"},
    }
)
_ONE_NAME: Final = re.compile(
    r"[,;\d]|\b(?:and|others|et)\b|^\W*(?:l['’]|(?:la|le|les|un|une|collectif|équipe|rédaction)\b)", re.IGNORECASE
)
"""In a name, what BibTeX would take for several, for a name told back to front, or what says that it is of a group."""
_WORD: Final = re.compile(r"[^\W_]+")
_TELLING: Final = 3
"""Letters of a word that tells something; l’, d’, qu’ do not."""
_FEW: Final = 3
"""Authors that a sentence names; of more, the first one."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A sentence in three parts, so that a page can set the name of the blog in italics; `str` is the whole."""

    before: str
    blog: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}{self.blog}{self.after}"


def reference(hit: Hit, *, seen: datetime, dois: tuple[str, ...] = ()) -> Reference:
    """Ada Exemple, « Le lichen », Carnet, 14 mars 2025, [en ligne] https://…, consulté le 15 mars 2026. `seen`: when the reader saw it."""
    wide = french.WIDE
    authors = _named(shown_authors(hit))
    title = french.nested(french.spaced(shown_title(hit)))
    before = f"{f'{authors}, ' if authors else ''}«{wide}{title}{wide}», "
    published = french.day(hit.date) if hit.date else f"s.{wide}d."
    url = web_address(hit.url)
    after = f", {published}, [en{wide}ligne]{f' {url}' if url else ''}, consulté le {french.day(seen)}."
    if cited := _dois(dois):
        after += f" DOI cité{'s' if len(cited) > 1 else ''}{wide}: {', '.join(cited)}."
    return Reference(before, plain(hit.source_name), after)


def bibtex(hit: Hit, *, seen: datetime, dois: tuple[str, ...] = ()) -> str:
    """An entry `@online` in UTF-8, accents as they are. The title stands in a second pair of braces: styles that lower its capitals leave
    it alone. `seen`: when the reader saw it."""
    url = web_address(hit.url)
    cited = _dois(dois)
    fields = {
        "author": _authors(hit),
        "title": f"{{{_latex(shown_title(hit))}}}",
        "organization": _latex(hit.source_name),
        "date": _day(hit.date) if hit.date else "",
        "url": url or "",
        "urldate": _day(seen) if url else "",
        "langid": "french",
        "note": f"DOI cité{'s' if len(cited) > 1 else ''} : {', '.join(map(_latex, cited))}" if cited else "",
    }
    lines = [f"  {name:<12} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join((f"@online{{{citation_key(hit)},", *lines, "}\n"))


def citation_key(hit: Hit) -> str:
    """Author, year and the first telling word of the title, in ASCII: `exemple2025lichen`; «sd» without a date, the blog's id without an
    author. Two articles may share one: whoever puts both in one file sees to that."""
    authors = shown_authors(hit)
    surnames = [word for word in _ascii_words(authors[0]) if word not in STOP_WORDS] if authors else []
    who = surnames[-1] if surnames else "".join(_ascii_words(hit.source_id))
    words = [word for word in _ascii_words(shown_title(hit)) if len(word) >= _TELLING and word not in STOP_WORDS]
    year = str(hit.date.astimezone(PARIS).year) if hit.date else "sd"
    return f"{who or 'luciole'}{year}{words[0] if words else ''.join(_ascii_words(hit.id))}"


def _named(authors: tuple[str, ...]) -> str:
    if len(authors) > _FEW:
        return f"{authors[0]} et{french.WIDE}al."
    return " et ".join(filter(None, (", ".join(authors[:-1]), *authors[-1:])))


def _authors(hit: Hit) -> str:
    names = [f"{{{_latex(name)}}}" if _whole(name) else _latex(name) for name in shown_authors(hit) if visible(undirected(name))]
    distinct = len({plain(name) for name in hit.authors if visible(name)})
    return " and ".join([*names, "others"] if distinct > MAX_AUTHORS else names)


def _whole(name: str) -> bool:
    """Whether BibTeX must not take the name apart: a group's, or one that begins in lower case, which it would take for a particle."""
    return bool(_ONE_NAME.search(name)) or name[:1].islower()


def _latex(text: str) -> str:
    return undirected(text).translate(_LATEX)


def _day(moment: datetime) -> str:
    """The day in Paris, as ISO 8601 has it."""
    return moment.astimezone(PARIS).date().isoformat()


def _dois(dois: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(doi for raw in dois if visible(doi := undirected(raw))))


def _ascii_words(text: str) -> list[str]:
    """The words in lower case, letters without accents; those of other scripts are left out."""
    lowered = undirected(text).lower().replace("œ", "oe").replace("æ", "ae")
    folded = unicodedata.normalize("NFKD", lowered)
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return [word for word in _WORD.findall(letters) if word.isascii()]
