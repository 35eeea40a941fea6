"""The article store: the record, where nothing is ever lost.

Owns the tables of articles, aliases, sources and runs in one SQLite file, the identity of articles, and the revision that tells
everyone downstream what changed. It refuses to know how a post was fetched and how it is searched. The crawler keeps its own tables in
the same file, through the same `database`, so that an article and the crawl state that produced it commit together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from luciole.article import DATE_RANK, TEXT_RANK, Article, Sighting, mint_id, plainly_other
from luciole.database import Database
from luciole.rows import SCHEMA, as_sighting, content, stamp, to_article
from luciole.sources import Source
from luciole.urls import authority, path_key, url_key

Change = Literal["new", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the store made of a sighting: the article's id, and whether readers will see a difference."""

    article_id: str
    change: Change


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """Ids of the sources that came, left or changed since the registry was last written into the store."""

    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


class ArticleStore:
    """The record of every article ever seen, over one `Database`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        database.migrate("store", SCHEMA)

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

    # -- articles -------------------------------------------------------------------------------------------------------------

    def record(self, sighting: Sighting) -> Recorded:
        """Add what was seen to the record and say which article it is.

        Every key of the sighting (guid, address, canonical address, and the path once the source has moved) is looked up; any known one
        means the same article, and the new ones are added to it. Keys that lead to several articles prove them to be one: the one first
        seen stays, the others become tombstones. A key other than the address counts for nothing between posts that are plainly others:
        templates repeat guids, themes name one canonical address everywhere. Raises `ValueError` for an address that is not http(s).
        """
        with self.transaction():
            keys = list(self._keys(sighting))
            known = self._resolve(sighting, keys)
            if known:
                article = self._merge(known)
                change = self._update(article, sighting)
                article_id = article.id
            else:
                article_id = mint_id(sighting.source_id, sighting.url)
                change = self._insert(article_id, sighting)
            self.database.execute(
                f"INSERT OR IGNORE INTO alias (source_id, kind, key, article_id) VALUES {', '.join(['(?, ?, ?, ?)'] * len(keys))}",
                *(value for kind, key in keys for value in (sighting.source_id, kind, key, article_id)),
            )
            return Recorded(article_id, change)

    def article(self, article_id: str) -> Article | None:
        """One article, tombstones included; a merged id answers with its own tombstone, not with the survivor."""
        row = self.database.one("SELECT * FROM article WHERE id = ?", article_id)
        return to_article(row) if row else None

    def find(self, source_id: str, url: str) -> Article | None:
        """The article known under an address, if any."""
        for kind in ("url", "canonical"):
            row = self.database.one(
                "SELECT article.* FROM alias JOIN article ON article.id = alias.article_id "
                "WHERE alias.source_id = ? AND alias.kind = ? AND alias.key = ?",
                source_id,
                kind,
                url_key(url),
            )
            if row:
                return to_article(row)
        return None

    def remove(self, article_id: str, why: str, at: datetime) -> bool:
        """Make an article a tombstone with a reason. False when it was one already or was never there."""
        with self.transaction():
            article = self.article(article_id)
            if article is None or article.is_tombstone:
                return False
            self.database.execute(
                "UPDATE article SET gone_at = ?, gone_why = ?, revision = ? WHERE id = ?",
                stamp(at),
                why,
                self._next_revision(),
                article_id,
            )
            return True

    def revision(self) -> int:
        """The revision of the newest change; 0 for an empty store."""
        row = self.database.one("SELECT value FROM counter WHERE name = 'revision'")
        return int(row["value"]) if row else 0

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

    # -- sources --------------------------------------------------------------------------------------------------------------

    def sync_sources(self, sources: Iterable[Source]) -> SourceChanges:
        """Write the registry into the store, a digest for each source, in one transaction.

        The articles of a source that came, left or changed get new revisions: whoever follows revisions then sees them again, and one
        number still says everything. A source whose host changed is marked as moved: from then on the path of an address is a key.
        """
        came: list[str] = []
        left: list[str] = []
        changed: list[str] = []
        with self.transaction():
            rows = {row["id"]: row for row in self.database.all("SELECT * FROM source")}
            listed = {source.id: source for source in sources}
            for source in listed.values():
                row = rows.get(source.id)
                digest, host = source.digest(), authority(source.url)
                if row is not None and row["listed"] and row["digest"] == digest:
                    continue
                (changed if row is not None and row["listed"] else came).append(source.id)
                moved = row is not None and (bool(row["moved"]) or row["authority"] != host)
                self.database.execute(
                    "INSERT OR REPLACE INTO source (id, digest, listed, authority, moved) VALUES (?, ?, 1, ?, ?)",
                    source.id,
                    digest,
                    host,
                    int(moved),
                )
            for source_id, row in rows.items():
                if row["listed"] and source_id not in listed:
                    left.append(source_id)
                    self.database.execute("UPDATE source SET listed = 0 WHERE id = ?", source_id)
            for source_id in (*came, *left, *changed):
                self._touch_source(source_id)
        return SourceChanges(tuple(came), tuple(left), tuple(changed))

    def _touch_source(self, source_id: str) -> None:
        """Give every article of a source a new revision, in their old order."""
        base = self.revision()
        self.database.execute(
            "UPDATE article SET revision = ? + ranked.place FROM (SELECT id, row_number() OVER (ORDER BY revision) AS place "
            "FROM article WHERE source_id = ?) AS ranked WHERE article.id = ranked.id",
            base,
            source_id,
        )
        row = self.database.one("SELECT max(revision) AS top FROM article WHERE source_id = ?", source_id)
        if row and row["top"] is not None:
            self.database.execute("UPDATE counter SET value = max(value, ?) WHERE name = 'revision'", row["top"])

    # -- identity -------------------------------------------------------------------------------------------------------------

    def _keys(self, sighting: Sighting) -> Iterator[tuple[str, str]]:
        """Every (kind, key) that names this post, without repeats. Addresses that make no key are left out, but for the post's own."""
        pairs = [("url", url_key(sighting.url)), ("path", path_key(sighting.url))]
        if sighting.guid:
            pairs.append(("guid", sighting.guid))
        for kind, address in (("canonical", sighting.canonical), *(("url", other) for other in sighting.also)):
            if address:
                try:
                    pairs.append((kind, url_key(address)))
                except ValueError:
                    continue
        yield from dict.fromkeys(pairs)

    def _resolve(self, seen: Sighting, keys: list[tuple[str, str]]) -> list[Article]:
        """The articles that these keys already name, each once: those named by address, then those that nothing speaks against."""
        source = self.database.one("SELECT moved FROM source WHERE id = ?", seen.source_id)
        moved = bool(source and source["moved"])
        by_address: dict[str, bool] = {}
        undated: dict[str, bool] = {}
        for kind, key in keys:
            if kind == "path" and not (moved and key):  # the root of a site is nobody's path
                continue
            kinds = ("url", "canonical") if kind in ("url", "canonical") else (kind,)
            for row in self.database.all(
                f"SELECT kind, article_id FROM alias WHERE source_id = ? AND key = ? AND kind IN ({', '.join('?' * len(kinds))})",
                seen.source_id,
                key,
                *kinds,
            ):
                found = row["article_id"]
                by_address[found] = by_address.get(found, False) or kind == row["kind"] == "url"
                # A guid is meant to tell posts apart: it is believed until two dates speak against it. The others must be borne out.
                undated[found] = undated.get(found, True) and kind != "guid" and not by_address[found]
        same: list[Article] = []
        for found in sorted(by_address, key=lambda found: not by_address[found]):
            article = self.article(found)
            if article is None:
                continue
            looks: list[Article | Sighting] = [*same] if by_address[found] else [*same, seen]
            if not any(plainly_other(article, look, undated=undated[found]) for look in looks):
                same.append(article)
        return same

    def _merge(self, articles: list[Article]) -> Article:
        """Make these articles one: the one first seen stays, and gets the aliases and the better text of the others."""
        survivor, *others = sorted(articles, key=lambda article: (article.first_seen, article.revision))
        for other in others:
            self.database.execute("UPDATE alias SET article_id = ? WHERE article_id = ?", survivor.id, other.id)
            self.database.execute(
                "UPDATE article SET merged_into = ?, revision = ? WHERE id = ?", survivor.id, self._next_revision(), other.id
            )
            self.database.execute("UPDATE article SET merged_into = ? WHERE merged_into = ?", survivor.id, other.id)
            # Whichever of the two addresses asked to be left out: only a look at the page takes that back.
            self._update(survivor, replace(as_sighting(other), noindex=survivor.noindex or other.noindex))
            survivor = self.article(survivor.id) or survivor
        return survivor

    # -- rows -----------------------------------------------------------------------------------------------------------------

    def _next_revision(self) -> int:
        self.database.execute("UPDATE counter SET value = value + 1 WHERE name = 'revision'")
        return self.revision()

    def _insert(self, article_id: str, seen: Sighting) -> Change:
        now = stamp(seen.seen_at)
        values = content(seen) | {"id": article_id, "source_id": seen.source_id, "first_seen": now, "last_seen": now}
        values["revision"] = self._next_revision()
        self.database.execute(f"INSERT INTO article ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", *values.values())
        return "new"

    def _update(self, article: Article, seen: Sighting) -> Change:
        """Let a sighting improve an article: a better or equal basis wins, an empty value never replaces one.

        A post that was gone and is seen again comes back.
        """
        old = content(as_sighting(article))
        new = dict(old)
        fresh = content(seen)
        for name in ("language", "licence"):
            new[name] = fresh[name] or old[name]
        # A theme adds the blog's name to a page's title, and pages name their sharers as authors: what a feed says of those stays.
        yields = seen.named_by == "page" and article.named_by == "feed"
        if seen.title and not (yields and article.title):
            new |= {"title": fresh["title"], "named_by": fresh["named_by"]}
        if seen.authors and not (yields and article.authors):
            new["authors"] = fresh["authors"]
        if seen.text and (not article.text or TEXT_RANK[seen.text_basis] >= TEXT_RANK[article.text_basis]):
            new |= {"text": fresh["text"], "text_basis": fresh["text_basis"], "url": fresh["url"]}
        if seen.published is not None and _dates_better(seen, article):
            new |= {"published": fresh["published"], "published_basis": fresh["published_basis"]}
        if seen.text_basis == "page" or seen.noindex:
            new["noindex"] = fresh["noindex"]  # a feed says nothing of noindex: only the page may lift it
        last_seen = max(article.last_seen, seen.seen_at)
        if new == old and article.gone_at is None:
            self.database.execute("UPDATE article SET last_seen = ? WHERE id = ?", stamp(last_seen), article.id)
            return "unchanged"
        new |= {"last_seen": stamp(last_seen), "gone_at": None, "gone_why": None, "revision": self._next_revision()}
        self.database.execute(f"UPDATE article SET {', '.join(f'{name} = ?' for name in new)} WHERE id = ?", *new.values(), article.id)
        return "updated"


def _dates_better(seen: Sighting, article: Article) -> bool:
    """A date replaces one of the same or a weaker basis; the day of the first sighting is never moved by a later one."""
    new, old = (DATE_RANK[basis] if basis else -1 for basis in (seen.published_basis, article.published_basis))
    return new > old or (new == old and seen.published_basis != "seen")
