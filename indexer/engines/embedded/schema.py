"""The fields of the embedded index, and what a document becomes in them.

Owns the schema, its version, and both ways between `IndexDocument` and tantivy. Everything that a page shows is kept in one stored field,
the body behind a line of JSON: what comes back is the very document that went in, dates of any year included (tantivy's own end in 2262).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime
from math import log2
from typing import Any, Final

import tantivy

from indexer import analysis, notation
from indexer.document import IndexDocument
from indexer.elision import unelided
from indexer.engine import Meta
from indexer.folding import DOTTED, undotted
from indexer.night import Night, SourceCard
from indexer.operators import name_keys
from indexer.query import FACETS
from luciole.errors import EngineBusy, EngineError
from luciole.marks import unmarked

META_ID: Final = "__meta__"
"""The one document that is no article: what the index says of itself, committed with what it speaks of."""

_MEND: Final = "if it stays so: luciole index --rebuild"
_EPOCH: Final = date(2000, 1, 1).toordinal()
_LAST_DAY: Final = date(2100, 1, 1).toordinal() - _EPOCH
"""No article is newer, whatever it says: the ranking by relevance knows no later day."""
_RECENCY: Final = 2e-6
"""A day's worth of relevance: scores are multiplied by log2(2 + days since 2000 x this), 2 % over 27 years, a day still told apart."""
_LIGHTEST, _HEAVIEST = 0.1, 10.0
"""Bounds of a source's weight (`luciole.sources`)."""

LEAD: Final = 1000
"""Characters of each text, behind titles and names, that tell how words are written. The whole of it would cost a third of the indexing,
this 7 % (measured)."""

_FIELDS: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("text", "id", {"tokenizer_name": "raw", "index_option": "basic"}),
    ("text", "title", {"tokenizer_name": analysis.STEMMED, "index_option": "position"}),
    ("text", "body", {"tokenizer_name": analysis.STEMMED, "index_option": "position"}),
    ("text", "title_x", {"tokenizer_name": analysis.FOLDED, "index_option": "freq"}),
    ("text", "body_x", {"tokenizer_name": analysis.FOLDED, "index_option": "freq"}),
    ("text", "about", {"tokenizer_name": analysis.STEMMED, "index_option": "freq"}),
    ("text", "about_x", {"tokenizer_name": analysis.FOLDED, "index_option": "freq"}),
    ("text", "lowered", {"tokenizer_name": analysis.LOWERED, "index_option": "basic"}),
    ("text", "notation_x", {"tokenizer_name": analysis.FOLDED, "index_option": "freq"}),
    *(("text", name, {"tokenizer_name": analysis.WORDS, "index_option": "position"}) for name in ("title_w", "body_w")),
    *(("text", name, {"tokenizer_name": "raw", "index_option": "basic"}) for name in ("author", "doi")),
    *(("text", row.field, {"tokenizer_name": "raw", "index_option": "basic", "fast": True}) for row in FACETS),
    ("float", "recency", {"fast": True}),
    ("unsigned", "place", {"fast": True}),
    ("unsigned", "blog", {"fast": True}),
    ("unsigned", "until", {"fast": True}),
    ("bytes", "stored", {"stored": True, "indexed": False}),
)
_DOCUMENT, _CARD = (tuple(field.name for field in fields(value)) for value in (IndexDocument, SourceCard))
_TUPLES: Final = ("authors", "disciplines", "dois")
_MOMENTS: Final = ("date", "until")

VERSION: Final = hashlib.sha256(
    repr(
        (
            _FIELDS,
            LEAD,
            _DOCUMENT,
            _CARD,
            _RECENCY,
            _LAST_DAY,
            _LIGHTEST,
            _HEAVIEST,
            DOTTED,
            notation.COMMAND,
            notation.GLUE,
            analysis.VERSION,
        )
    ).encode()
).hexdigest()[:12]
"""Names the directories: changes with the fields, with what is stored, and with the analysis."""


def schema() -> tantivy.Schema:
    """The schema, built anew."""
    builder = tantivy.SchemaBuilder()
    for kind, name, options in _FIELDS:
        getattr(builder, f"add_{kind}_field")(name, **options)
    return builder.build()


def register(index: tantivy.Index) -> None:
    """Teach an opened index our analysers: tantivy stores their names only."""
    for name, analyser in analysis.analysers().items():
        index.register_tokenizer(name, analyser)


def to_tantivy(document: IndexDocument) -> tantivy.Document:
    """A document ready to be added."""
    made = tantivy.Document()
    made.add_text("id", document.id)
    for name, text in (("title", document.title), ("body", document.prose), ("about", document.about)):
        text = unelided(undotted(text))
        made.add_text(name, text)
        made.add_text(f"{name}_x", text)
        made.add_text("lowered", text[:LEAD])
    made.add_text("title_w", undotted(document.title))
    made.add_text("body_w", undotted(unmarked(document.body)))  # as readers see it: a phrase may run through a formula
    for key in {key for name in document.authors for key in name_keys(name)}:
        made.add_text("author", key)
    for doi in document.dois:
        made.add_text("doi", doi.lower())
    if document.notation:
        made.add_text("notation_x", undotted(document.notation))
    for row in FACETS:
        value = getattr(document, row.field)
        for one in value if row.multivalued else (value,):
            if one:
                made.add_text(row.field, one)
    made.add_float("recency", recency(document))
    made.add_unsigned("place", place(document))
    made.add_unsigned("blog", blog_number(document.source_id))
    if document.until is not None:
        made.add_unsigned("until", second(document.until))
    head = _pack({name: getattr(document, name) for name in _DOCUMENT if name != "body"})
    made.add_bytes("stored", b"%b\n%b" % (head, document.body.encode(errors="replace")))  # JSON has no line breaks of its own
    return made


def from_tantivy(document: tantivy.Document) -> IndexDocument:
    """The document that went in."""
    head, _, body = _stored(document).partition(b"\n")
    values: dict[str, Any] = json.loads(head)
    values |= {name: tuple(values[name]) for name in _TUPLES}
    values |= {name: datetime.fromisoformat(values[name]) if values[name] else None for name in _MOMENTS}
    return IndexDocument(**values, body=body.decode())


def meta_to_tantivy(meta: Meta) -> tantivy.Document:
    """The document that holds what the index says of itself."""
    made = tantivy.Document()
    made.add_text("id", META_ID)
    made.add_bytes(
        "stored",
        _pack(
            {
                "revision": meta.revision,
                "schema": meta.schema,
                "generation": meta.generation,
                "night": meta.night.to_json() if meta.night else None,
            }
        ),
    )
    return made


def meta_from_tantivy(document: tantivy.Document) -> Meta:
    """The inverse."""
    values: dict[str, Any] = json.loads(_stored(document))
    return Meta(**{**values, "night": Night.from_json(values["night"]) if values["night"] else None})


def by_id(index_schema: tantivy.Schema, name: str) -> tantivy.Query:
    """The one document of this id: none for an id that no document can have."""
    known = name != META_ID and name.encode(errors="replace").decode() == name
    return tantivy.Query.term_query(index_schema, "id", name, "basic") if known else tantivy.Query.empty_query()


def second(moment: datetime) -> int:
    """A moment as the number of whole seconds since the first of year 1."""
    return int((moment - datetime.min.replace(tzinfo=UTC)).total_seconds())


DATED: Final = 1 << 63
"""The place by date from which on documents have one."""


def moment_place(moment: datetime) -> int:
    """The first place by date of a moment: what is published then or later comes at it or after."""
    return DATED | second(moment) << 24


def place(document: IndexDocument) -> int:
    """Where a document stands by date, as one number of 64 bits, greatest first: the newest, undated ones last, ties by id.

    tantivy sorts by one field only. One bit says that there is a date, 39 hold its second since year 1, 24 the id (an undated one: 63).
    """
    name = document.id
    try:
        rank = int(name.ljust(16, "0")[:16], 16)
    except ValueError:
        rank = int.from_bytes(name.encode().ljust(8, b"\0")[:8], "big")
    ascending = (1 << 64) - 1 - rank
    if document.date is None:
        return ascending >> 1
    return moment_place(document.date) | ascending >> 40


def recency(document: IndexDocument) -> float:
    """What makes tantivy multiply a score by ten times the weight of the source and by the recency of the day.

    tantivy multiplies by log2(2 + value), in 32 bits, and takes a value below 0 for 0: so the lightest weight is 1, and the value is the
    one that gives the product of weight and recency. A day is told apart at every weight.
    """
    days = min(max(0, document.date.toordinal() - _EPOCH), _LAST_DAY) if document.date else 0
    weight = min(max(document.weight, _LIGHTEST), _HEAVIEST) / _LIGHTEST
    return float(2 ** (weight * log2(2 + days * _RECENCY))) - 2


def blog_number(source_id: str) -> int:
    """A blog as a number of 64 bits: what tantivy reads for many hits at once without loading them."""
    return int.from_bytes(hashlib.blake2b(source_id.encode(errors="replace"), digest_size=8).digest(), "big")


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn what tantivy raises into our errors. Its panics are no `Exception`s: whoever forgets that loses a thread to them."""
    try:
        yield
    except EngineError:
        raise
    except Exception as error:
        if "LockBusy" in str(error):
            raise EngineBusy("another process is writing this index", hint="wait for it to finish, then run again") from error
        raise EngineError(f"{doing}: {error}", hint=_MEND) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise EngineError(f"{doing}: {error}", hint=_MEND) from error
        raise


def _pack(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_iso).encode(errors="replace")


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be stored")


def _stored(document: tantivy.Document) -> bytes:
    return bytes(document.get_first("stored") or b"")
