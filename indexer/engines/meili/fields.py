"""The fields of a document in Meilisearch, the settings of its index, and the version of both.

Owns what an `IndexDocument` becomes and how it comes back: the very document that went in, kept as JSON in `stored`. Words are made by
our one analyser, so that both engines mean the same by «étoile»; Meilisearch neither stems nor corrects. It refuses to know queries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Final

from indexer import analysis, notation
from indexer.document import IndexDocument
from indexer.elision import RULES, unelided
from indexer.engines.meili import tokens
from indexer.folding import DOTTED, undotted
from indexer.night import SourceCard
from indexer.operators import name_keys
from indexer.query import FACETS
from indexer.stopwords import STOP_WORDS
from luciole.marks import unmarked

META_ID: Final = "zzz-luciole"
"""The one document that is no article: it names the generation, and changes in the same transaction as the articles. In order of ids it
comes after all articles, whose ids are hexadecimal."""
MAX_FACET_VALUES: Final = 1000
"""Values of a facet that are counted, most frequent first."""
LIVE: Final = "live = true"
"""What every article fulfils that readers may find."""
SHELLS: Final = "live NOT EXISTS AND generation NOT EXISTS"
"""What a publish leaves of articles that go."""

_SEARCHED: Final = ("title_s", "body_s", "any", "title_w", "body_w", "notation")
_FACETS: Final = tuple(row.field for row in FACETS)
RANKED_BY: Final = ("id", "source_id", "title_s", "body_s", "about_s", "notation", "title_w", "sizes", "moment", "weight")
"""What the order of the best hits is made of."""

_EQUAL: Final = {"facetSearch": False, "filter": {"equality": True, "comparison": False}}
_COMPARED: Final = {"facetSearch": False, "filter": {"equality": True, "comparison": True}}

SETTINGS: Final[dict[str, Any]] = {
    "searchableAttributes": list(_SEARCHED),
    "filterableAttributes": [
        {"attributePatterns": ["id", "live", "generation", "author", "doi", *_FACETS], "features": _EQUAL},
        {"attributePatterns": ["moment", "until"], "features": _COMPARED},
    ],
    "sortableAttributes": ["moment", "id"],
    # `sort` first: by date means by date. No rule for the newest at the end: unions refuse a query without words then.
    "rankingRules": ["sort", "words", "proximity", "attributeRank", "exactness", "wordPosition"],
    "typoTolerance": {"enabled": False},
    "prefixSearch": "disabled",
    "proximityPrecision": "byWord",
    "stopWords": [tokens.FILLER],
    "facetSearch": False,
    "faceting": {"maxValuesPerFacet": MAX_FACET_VALUES, "sortFacetValuesBy": {"*": "count"}},
    "pagination": {"maxTotalHits": 10_000_000},
}
"""Of the index of articles. What is not named keeps Meilisearch's default."""

BLOBS: Final[dict[str, Any]] = {"searchableAttributes": ["generation"], "filterableAttributes": ["generation"]}
"""Of the index beside it, which holds lexicons and nights in pieces that nobody searches."""

_DOCUMENT, _CARD = (tuple(field.name for field in fields(value)) for value in (IndexDocument, SourceCard))
_TUPLES: Final = ("authors", "disciplines", "dois")
_MOMENTS: Final = ("date", "until")
_LAYOUT: Final = "4"
"""Changed by hand whenever `to_meili` or a lexicon's pieces change."""

VERSION: Final = hashlib.sha256(
    json.dumps(
        [_LAYOUT, SETTINGS, BLOBS, _DOCUMENT, _CARD, RULES, DOTTED, notation.COMMAND, notation.GLUE, analysis.VERSION], sort_keys=True
    ).encode()
).hexdigest()[:12]
"""Changes with the settings, the fields, what is stored and the analysis: an index of another version is built anew."""

_ALL_WORDS: Final = analysis.analysers()[analysis.WORDS]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one document, folded: of title, prose and names without elided letters (stop words are there), and of its notation;
    `lowered`: those of title and names as they are written."""

    title: tuple[str, ...]
    prose: tuple[str, ...]
    about: tuple[str, ...]
    notation: tuple[str, ...]
    lowered: frozenset[str]

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many there are in title, prose, names and notation."""
        return len(self.title), len(self.prose), len(self.about), len(self.notation)


def words_of(document: IndexDocument) -> Words:
    """The words of a document."""
    title, prose, about = (unelided(undotted(text)) for text in (document.title, document.prose, document.about))
    return Words(
        title=tuple(_ALL_WORDS.analyze(title)),
        prose=tuple(_ALL_WORDS.analyze(prose)),
        about=tuple(_ALL_WORDS.analyze(about)),
        notation=tuple(word for word in _ALL_WORDS.analyze(undotted(document.notation)) if word not in STOP_WORDS),
        lowered=frozenset((*analysis.lowered(title), *analysis.lowered(about))),
    )


def to_meili(document: IndexDocument, words: Words) -> dict[str, Any]:
    """A document as it is sent."""
    title, prose, about = (_stems(one) for one in (words.title, words.prose, words.about))
    made: dict[str, Any] = {
        "id": document.id,
        "live": True,
        "title_s": _joined(tokens.STEM, title),
        "body_s": _joined(tokens.STEM, prose),
        "about_s": _joined(tokens.STEM, about),
        "any": _anywhere(title, about, prose),
        "title_w": _joined(tokens.WORD, _ALL_WORDS.analyze(undotted(document.title))),
        "body_w": _joined(tokens.WORD, _ALL_WORDS.analyze(undotted(unmarked(document.body)))),
        "sizes": words.sizes,
        "weight": document.weight,
        "stored": stored(document),
    }
    if words.notation:
        pairs = (f"{tokens.token(tokens.NOTATION, word)}{tokens.APART}{tokens.token(tokens.WORD, word)}" for word in words.notation)
        made["notation"] = tokens.APART.join(pairs)
    if keys := {key for name in document.authors for key in name_keys(name)}:
        made["author"] = sorted(filter(None, map(tokens.value, keys)))
    if document.dois:
        made["doi"] = [value for doi in document.dois if (value := tokens.value(doi.lower()))]
    for row in FACETS:
        one = getattr(document, row.field)
        if values := [value for text in (one if row.multivalued else (one,)) if text and (value := tokens.value(text))]:
            made[row.field] = values if row.multivalued else values[0]
    if document.date is not None:
        made["moment"] = second(document.date)
    if document.until is not None:
        made["until"] = second(document.until)
    return made


def stored(document: IndexDocument) -> str:
    """A document as JSON."""
    return json.dumps({name: getattr(document, name) for name in _DOCUMENT}, ensure_ascii=False, default=_iso)


def from_meili(made: Mapping[str, Any]) -> IndexDocument:
    """The document that went in. Raises KeyError, TypeError or ValueError for anything else."""
    values: dict[str, Any] = json.loads(made["stored"])
    values |= {name: tuple(values[name]) for name in _TUPLES}
    values |= {name: datetime.fromisoformat(values[name]) if values[name] else None for name in _MOMENTS}
    return IndexDocument(**values)


def packed(made: Mapping[str, Any]) -> bytes:
    """One line of what is sent. What UTF-8 cannot carry becomes a question mark."""
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode(errors="replace") + b"\n"


def second(moment: datetime) -> int:
    """A moment as the number of whole seconds since the first of year 1: exact in the 53 bits that JSON leaves to numbers."""
    return int((moment - datetime.min.replace(tzinfo=UTC)).total_seconds())


def _stems(words: Iterable[str]) -> list[str | None]:
    """The stem of each word, None for stop words."""
    every = list(words)
    searched = [word for word in every if word not in STOP_WORDS]
    found = iter(analysis.stems(searched))
    return [None if word in STOP_WORDS else next(found) for word in every]


def _joined(kind: str, words: Iterable[str | None]) -> str:
    return " ".join(tokens.FILLER if word is None else tokens.token(kind, word) for word in words)


def _anywhere(title: list[str | None], about: list[str | None], prose: list[str | None]) -> str:
    """Each stem once, wherever it stands, and those of the title once more: what asks for a word anywhere asks one field."""
    titles = (tokens.token(tokens.TITLE, one) for one in dict.fromkeys(title) if one is not None)
    every = (tokens.token(tokens.ANY, one) for one in dict.fromkeys((*title, *about, *prose)) if one is not None)
    return tokens.APART.join((*titles, *every))


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be stored")
