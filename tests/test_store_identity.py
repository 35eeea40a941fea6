"""Identity: in whatever order and wording one post is seen, it is one article with one id for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from luciole.article import Sighting
from luciole.sources import Source
from luciole.store import ArticleStore

NOW = datetime(2026, 11, 1, 3, tzinfo=UTC)
GUIDS = ("tag:blog.example,2026:1", "https://blog.example/?p=1")
ADDRESSES = (
    "https://blog.example/2026/un-billet/",
    "http://www.blog.example/2026/un-billet?utm_source=rss",
    "https://blog.example/?p=1",
    "https://blog.example/un-billet-renomme",
    "https://blog.example/spip.php?article12",
)
SOURCE = Source(id="blog", name="Blog", url="https://blog.example/", disciplines=("physique",))

LONG = " ".join(f"mot{number}" for number in range(50))

OTHER = Sighting(
    source_id="blog",
    url="https://blog.example/un-autre-billet",
    seen_at=NOW,
    title="Un autre",
    guid="autre",
    text=LONG.upper(),
    language="fr",
)


@st.composite
def sightings(draw: st.DrawFn) -> list[Sighting]:
    """Looks at one post: each names some of its keys, and all of them hang together."""
    looks = []
    for number in range(draw(st.integers(2, 7))):
        looks.append(
            Sighting(
                source_id="blog",
                url=draw(st.sampled_from(ADDRESSES)),
                seen_at=NOW + timedelta(hours=number),
                title=draw(st.sampled_from(["Un billet", "Un billet renommé"])),
                guid=draw(st.sampled_from((None, *GUIDS))),
                canonical=draw(st.sampled_from((None, None, *ADDRESSES))),
                text=draw(st.sampled_from(["", "Un résumé.", LONG, f"{LONG}."])),
                language="fr",
                text_basis=draw(st.sampled_from(["summary", "feed", "page"])),
            )
        )
    # The look that ties everything together may come at any moment: before it, the post may have been taken for several.
    tie = replace(looks[0], guid=GUIDS[0], also=ADDRESSES, seen_at=NOW + timedelta(days=1))
    ties = [tie, replace(tie, guid=GUIDS[1])]
    return draw(st.permutations([*looks, *ties, OTHER]))


@settings(max_examples=60, deadline=None)
@given(sightings())
def test_any_order_of_sightings_leaves_one_article_with_one_id(looks: list[Sighting]) -> None:
    with TemporaryDirectory() as directory:
        store = ArticleStore.open(Path(directory) / "luciole.db")
        store.sync_sources([SOURCE])
        ids = [store.record(look).article_id for look in looks]
        everything = {one.id: one for one in store.changes_since(0)}
        living = [one for one in everything.values() if not one.is_tombstone and one.title != "Un autre"]
        assert len(living) == 1, [one.url for one in living]
        (article,) = living
        for look, article_id in zip(looks, ids, strict=True):
            if look is OTHER:
                assert article_id != article.id
                continue
            answered = everything[article_id]
            assert article_id == article.id or answered.merged_into == article.id, "an id once given leads to the article for ever"
            found = store.find("blog", look.url)
            assert found is not None
            assert found.id == article.id
        assert store.count("blog") == 2
        assert article.id in ids
        (other,) = (one for one in everything.values() if one.title == "Un autre")
        first, second = sorted((article, other), key=lambda one: (one.first_seen, one.id))
        assert first.dup_of is None
        assert second.dup_of == (first.id if article.text.startswith(LONG) else None), "the same words are a copy of the earliest"
        revisions = [one.revision for one in store.changes_since(0)]
        assert revisions == sorted(set(revisions))
        before = store.revision()
        again = [store.record(look).article_id for look in looks if look is not OTHER]
        assert set(again) == {article.id}, "seen once more, all of it is known"
        assert len(list(store.changes_since(0))) == len(everything), f"nothing new after revision {before}"
        store.close()


@settings(max_examples=60, deadline=None)
@given(sightings(), st.data())
def test_a_post_whose_page_is_gone_is_not_brought_back_by_a_feed(looks: list[Sighting], data: st.DataObject) -> None:
    with TemporaryDirectory() as directory:
        store = ArticleStore.open(Path(directory) / "luciole.db")
        store.sync_sources([SOURCE])
        ids = {store.record(look).article_id for look in looks if look is not OTHER}
        (alive,) = (one for one in map(store.article, ids) if one is not None and not one.is_tombstone)
        assert store.remove(alive.id, "410", NOW)
        again = data.draw(st.permutations([look for look in looks if look is not OTHER]))
        gone = True
        for look in again:
            recorded = store.record(look)
            assert recorded.article_id == alive.id
            gone = gone and "page" not in (look.named_by, look.text_basis)
            article = store.article(alive.id)
            assert article is not None
            assert article.is_tombstone is gone
        assert store.count() == (0 if gone else 1) + (1 if store.find("blog", OTHER.url) else 0)
        store.close()
