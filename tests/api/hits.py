"""Hits made up for tests, kind ones and hostile ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from indexer.query import Query
from indexer.results import Fragment, Hit, Results

BASE = "https://luciole.example"
NIGHT = datetime(2026, 3, 14, 3, 7, tzinfo=UTC)


def hit(title: str = "Le lichen sous la lumière", excerpt: str = "Un lichen est une alliance…", **more: object) -> Hit:
    values: dict[str, object] = {
        "id": "0123456789abcdef",
        "url": "https://mousse.example/articles/1",
        "title": Fragment(title),
        "excerpt": Fragment(excerpt),
        "source_id": "mousse",
        "source_name": "Mousses et lichens",
        "authors": ("Ada Exemple",),
        "date": datetime(2025, 3, 14, 9, tzinfo=UTC),
        "disciplines": ("biologie-evolution", "physique"),
        "words": 420,
    }
    return Hit(**{**values, **more})  # type: ignore[arg-type]


def found(*hits: Hit, query: Query | None = None, total: int | None = None, pages: int = 1) -> Results:
    return Results(
        query=query or Query(sort="date", size=30),
        hits=hits,
        total=len(hits) if total is None else total,
        pages=pages,
        facets=(),
        corrections=(),
        ignored=(),
        unknown=(),
        generation="g42",
        searched=1,
    )


NASTY = st.one_of(
    st.text(max_size=80),
    # Characters that hypothesis would seldom put together, lone surrogates among them.
    st.text(
        alphabet="a é\x00\x0b\x1f\x85\x9b\ud800\udfff\ufffe\uffff\u2028\u202e\u202c\u2066\u2069\u200b\u00a0<>&\"']]>{}\\%$#_~^\n\t",
        max_size=40,
    ),
    st.sampled_from(["]]>", "</script><script>alert(1)</script>", "<!--", "&amp;&#0;", "<![CDATA[x]]>", "", " ", "\u200b", "x" * 5000]),
)
ADDRESSES = st.one_of(
    NASTY,
    NASTY.map(lambda text: f"https://a.example/{text}"),
    NASTY.map(lambda text: f"http://{text}/"),
    st.sampled_from(
        ["javascript:alert(1)", "JAVASCRIPT://x.example/%0aalert(1)", "data:text/html,x", "https://", "http://[", "//a.example/"]
    ),
)
DATES = st.none() | st.integers(0, 10**11 * 3).map(lambda seconds: datetime(2, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    return hit(
        draw(NASTY),
        draw(NASTY),
        id=draw(st.from_regex(r"[0-9a-f]{16}", fullmatch=True)),
        url=draw(ADDRESSES),
        source_id=draw(NASTY),
        source_name=draw(NASTY),
        authors=tuple(draw(st.lists(NASTY, max_size=4))),
        date=draw(DATES),
        disciplines=tuple(draw(st.lists(NASTY, max_size=3))),
        members_only=draw(st.booleans()),
        gone_since=draw(st.none() | st.just(NIGHT)),
        archive=draw(st.none() | ADDRESSES),
    )
