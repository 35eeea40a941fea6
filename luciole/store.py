"""The article store: the record, where nothing is ever lost.

Owns the table of articles in one SQLite file: what is written, in which transaction, under which revision. Which article a sighting is of
(`identity`), what wins (`precedence`), which texts are copies (`duplicates`) and what is known of sources (`stored_sources`) are decided
next door. It refuses to know how a post was fetched and how it is searched. The crawler keeps its own tables in the same file, through the
same `database`, so that an article and the crawl state that produced it commit together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from luciole.article import Article, Sighting, mint_id
from luciole.database import Database, Step
from luciole.duplicates import Duplicates, fingerprint, take_fingerprints
from luciole.figures import Figures, figures
from luciole.identity import Aliases, keys
from luciole.precedence import TAKEDOWN, improved, revives, united
from luciole.revisions import Revisions
from luciole.rows import LATER, SCHEMA, Columns, content, stamp, to_article
from luciole.sources import Source
from luciole.standing import Standing
from luciole.stored_sources import SourceChanges, StoredSources

__all__ = ["TAKEDOWN", "ArticleStore", "Change", "Figures", "Recorded", "SourceChanges"]

Change = Literal["new", "updated", "unchanged"]

STEPS: Final[tuple[Step, ...]] = (*SCHEMA, take_fingerprints, *LATER)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the store made of a sighting: the article's id, and whether readers will see a difference.

    `shrunk`: the text seen was refused, because it has lost most of the one that is kept (a wall, a page of maintenance).
    """

    article_id: str
    change: Change
    shrunk: bool = False


class ArticleStore:
    """The record of every article ever seen, over one `Database`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        database.migrate("store", STEPS)
        self._revisions = Revisions(database)
        self._duplicates = Duplicates(database, self._revisions)
        self._aliases = Aliases(database)
        self._sources = StoredSources(database, self._revisions, self._duplicates)

    @classmethod
    def open(cls, path: Path) -> ArticleStore:
        """Open the store at `path` (usually `<data>/luciole.db`), making it when missing. Raises `StoreError`."""
        return cls(Database(path))

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; joined by every method called inside."""
        return self.database.transaction()

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    # -- writing articles -----------------------------------------------------------------------------------------------------

    def record(self, sighting: Sighting) -> Recorded:
        """Add what was seen to the record and say which article it is.

        Every key of the sighting (guid, address, canonical address, and the path once the source has moved) is looked up; any known one
        means the same article, and the new ones are added to it. Keys that lead to several articles prove them to be one: the one first
        seen stays, the others become tombstones. A key other than the address counts for nothing between posts that are plainly others:
        templates repeat guids, themes name one canonical address everywhere.

        A removed article comes back only by its page: a feed that still names it leaves the tombstone as it is. Raises `ValueError` for an
        address that is not http(s).
        """
        with self.transaction():
            known = keys(sighting)
            if articles := self._aliases.resolve(sighting, known):
                recorded = self._update(self._merge(articles), sighting)
            else:
                recorded = self._insert(sighting)
            self._aliases.learn(sighting.source_id, known, recorded.article_id)
            return recorded

    def remove(self, article_id: str, why: str, at: datetime) -> bool:
        """Make an article a tombstone with a reason. False when it was one already or was never there.

        It comes back when its page is seen again, unless the reason is `TAKEDOWN`, or by `restore`.
        """
        with self.transaction():
            article = self.article(article_id)
            if article is None or article.is_tombstone:
                return False
            self._write(article, {"gone_at": stamp(at), "gone_why": why, "dup_of": None})
            return True

    def restore(self, article_id: str) -> bool:
        """Take a removal back, whatever its reason. False when the article was not removed, or is merged into another."""
        with self.transaction():
            article = self.article(article_id)
            if article is None or article.gone_at is None or article.merged_into is not None:
                return False
            self._write(article, {"gone_at": None, "gone_why": None})
            return True

    # -- reading articles -----------------------------------------------------------------------------------------------------

    def article(self, article_id: str) -> Article | None:
        """One article, tombstones included; a merged id answers with its own tombstone, not with the survivor."""
        row = self.database.one("SELECT * FROM article WHERE id = ?", article_id)
        return to_article(row) if row else None

    def ids(self) -> set[str]:
        """The id of every article that was ever recorded, tombstones included."""
        return {row["id"] for row in self.database.all("SELECT id FROM article")}

    def find(self, source_id: str, url: str) -> Article | None:
        """The article known under an address, if any."""
        return self._aliases.find(source_id, url)

    def latest(self, source_id: str, n: int) -> list[Article]:
        """The `n` newest articles of a source that are no tombstones, by their date, those without one by the day they were first seen."""
        rows = self.database.all(
            "SELECT * FROM article WHERE id IN (SELECT id FROM article WHERE source_id = ? AND gone_at IS NULL AND merged_into IS NULL "
            "ORDER BY coalesce(published, first_seen) DESC, id LIMIT ?) ORDER BY coalesce(published, first_seen) DESC, id",
            source_id,
            max(n, 0),
        )
        return [to_article(row) for row in rows]

    def revision(self) -> int:
        """The revision of the newest change; 0 for an empty store."""
        return self._revisions.newest()

    def changes_since(self, revision: int, *, batch: int = 500) -> Iterator[Article]:
        """Every article whose revision is greater, in order of revision, tombstones included.

        Read in batches, so that memory stays flat. What changes while it is read comes again at its new place.
        """
        while rows := self.database.all("SELECT * FROM article WHERE revision > ? ORDER BY revision LIMIT ?", revision, batch):
            yield from map(to_article, rows)
            revision = rows[-1]["revision"]

    def count(self, source_id: str | None = None) -> int:
        """Number of articles that are no tombstones, of one source or of all."""
        where, parameters = ("AND source_id = ?", (source_id,)) if source_id is not None else ("", ())
        row = self.database.one(f"SELECT count(*) AS n FROM article WHERE gone_at IS NULL AND merged_into IS NULL {where}", *parameters)
        return int(row["n"]) if row else 0

    def figures(self) -> dict[str, Figures]:
        """What the record holds of each source that has an article, by source id."""
        return figures(self.database)

    # -- sources --------------------------------------------------------------------------------------------------------------

    def sync_sources(self, sources: Iterable[Source]) -> SourceChanges:
        """Write the registry into the store, in one transaction.

        The articles of a source that came, left or changed get new revisions: whoever follows revisions then sees them again, and one
        number still says everything. A source whose host changed is marked as moved: from then on the path of an address is a key. A
        frozen source is thawed by a new `url` or a later `reviewed` date (`stored_sources.lifted`).
        """
        return self._sources.sync(sources)

    def standing(self, source_id: str) -> Standing:
        """How a source stands; one that was never heard of stands well."""
        return self._sources.standing(source_id)

    def standings(self) -> dict[str, Standing]:
        """How each source stands that was ever in the registry, listed today or not."""
        return self._sources.standings()

    def stand(self, source_id: str, standing: Standing) -> None:
        """Write how a source stands. When it is frozen or thawed by that, its articles get new revisions."""
        self._sources.stand(source_id, standing)

    # -- rows -----------------------------------------------------------------------------------------------------------------

    def _merge(self, articles: list[Article]) -> Article:
        """Make these articles one: the one first seen stays, and gets the keys and the better text of the others."""
        survivor, *others = sorted(articles, key=lambda article: (article.first_seen, article.id))
        for other in others:
            self._aliases.move(other.id, survivor.id)
            self._write(other, {"merged_into": survivor.id, "dup_of": None})
            self.database.execute("UPDATE article SET merged_into = ? WHERE merged_into = ?", survivor.id, other.id)
            if columns := united(survivor, other).columns:
                self._write(survivor, columns)
                survivor = self.article(survivor.id) or survivor
        return survivor

    def _insert(self, seen: Sighting) -> Recorded:
        article_id, now, text_hash = mint_id(seen.source_id, seen.url), stamp(seen.seen_at), fingerprint(seen.text)
        columns = content(seen) | {"id": article_id, "source_id": seen.source_id, "first_seen": now, "last_seen": now}
        columns |= {"text_hash": text_hash, "revision": self._revisions.next()}
        self.database.execute(f"INSERT INTO article ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", *columns.values())
        self._duplicates.changed(article_id, text_hash)
        return Recorded(article_id, "new")

    def _update(self, article: Article, seen: Sighting) -> Recorded:
        """Let a sighting improve an article, or bring it back."""
        last_seen = stamp(max(article.last_seen, seen.seen_at))
        shrunk = False
        if article.gone_at is None or revives(article, seen):
            improvement = improved(article, seen)
            shrunk = improvement.shrunk
            if improvement.columns or article.gone_at is not None:
                self._write(article, improvement.columns | {"last_seen": last_seen, "gone_at": None, "gone_why": None})
                return Recorded(article.id, "updated", shrunk)
        self.database.execute("UPDATE article SET last_seen = ? WHERE id = ?", last_seen, article.id)
        return Recorded(article.id, "unchanged", shrunk)

    def _write(self, article: Article, columns: Columns) -> None:
        """Change columns of an article under a new revision, and settle who stands for its text."""
        row = self.database.one("SELECT text_hash FROM article WHERE id = ?", article.id)
        before = after = row["text_hash"] if row else None
        text = columns.get("text")
        if isinstance(text, str):
            after = fingerprint(text)
            if after != before:
                columns = columns | {"text_hash": after, "dup_of": None}
        columns = columns | {"revision": self._revisions.next()}
        self.database.execute(
            f"UPDATE article SET {', '.join(f'{name} = ?' for name in columns)} WHERE id = ?", *columns.values(), article.id
        )
        self._duplicates.changed(article.id, before, after)
