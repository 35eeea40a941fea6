"""Which article a sighting is of.

Owns the table `alias`: every key (guid, address, canonical address, path) that ever named a post. It refuses to decide what becomes of the
articles that it finds to be one.
"""

from __future__ import annotations

from collections.abc import Iterator

from luciole.article import Article, Sighting, plainly_other
from luciole.database import Database
from luciole.rows import to_article
from luciole.urls import path_key, url_key

Key = tuple[str, str]
"""The kind (`guid`, `url`, `canonical`, `path`) and the key itself."""


def keys(sighting: Sighting) -> list[Key]:
    """Every key that names this post, without repeats. Addresses that make no key are left out, but for the post's own (`ValueError`)."""
    return list(dict.fromkeys(_keys(sighting)))


def _keys(sighting: Sighting) -> Iterator[Key]:
    yield "url", url_key(sighting.url)
    yield "path", path_key(sighting.url)
    if sighting.guid:
        yield "guid", sighting.guid
    for kind, address in (("canonical", sighting.canonical), *(("url", other) for other in sighting.also)):
        if address:
            try:
                yield kind, url_key(address)
            except ValueError:
                continue


class Aliases:
    """The keys of all articles of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def learn(self, source_id: str, known: list[Key], article_id: str) -> None:
        """Let these keys name an article, those that name none yet."""
        self._database.execute(
            f"INSERT OR IGNORE INTO alias (source_id, kind, key, article_id) VALUES {', '.join(['(?, ?, ?, ?)'] * len(known))}",
            *(value for kind, key in known for value in (source_id, kind, key, article_id)),
        )

    def move(self, article_id: str, heir: str) -> None:
        """Give all keys of an article to another."""
        self._database.execute("UPDATE alias SET article_id = ? WHERE article_id = ?", heir, article_id)

    def find(self, source_id: str, url: str) -> Article | None:
        """The article known under an address, if any."""
        for kind in ("url", "canonical"):
            row = self._database.one(
                "SELECT article.* FROM alias JOIN article ON article.id = alias.article_id "
                "WHERE alias.source_id = ? AND alias.kind = ? AND alias.key = ?",
                source_id,
                kind,
                url_key(url),
            )
            if row:
                return to_article(row)
        return None

    def resolve(self, seen: Sighting, known: list[Key]) -> list[Article]:
        """The articles that these keys already name, each once: those named by address, then those that nothing speaks against."""
        source = self._database.one("SELECT moved FROM source WHERE id = ?", seen.source_id)
        moved = bool(source and source["moved"])
        by_address: dict[str, bool] = {}
        undated: dict[str, bool] = {}
        # An address is looked for among the canonical ones too, and the other way round. The root of a site is nobody's path.
        kinds = {"url": ("url", "canonical"), "canonical": ("url", "canonical"), "guid": ("guid",), "path": ("path",) if moved else ()}
        wanted = list(dict.fromkeys((stored, key) for kind, key in known for stored in kinds[kind] if key or kind != "path"))
        rows = self._database.all(
            "SELECT kind, key, article_id FROM alias WHERE " + " OR ".join(["source_id = ? AND kind = ? AND key = ?"] * len(wanted)),
            *(value for pair in wanted for value in (seen.source_id, *pair)),
        )
        for kind, key in known:
            for row in rows:
                if row["key"] != key or row["kind"] not in kinds[kind]:
                    continue
                found = row["article_id"]
                by_address[found] = by_address.get(found, False) or kind == row["kind"] == "url"
                # A guid is meant to tell posts apart: it is believed until two dates speak against it. The others must be borne out.
                undated[found] = undated.get(found, True) and kind != "guid" and not by_address[found]
        same: list[Article] = []
        for found in sorted(by_address, key=lambda found: not by_address[found]):
            named = self._database.one("SELECT * FROM article WHERE id = ?", found)
            if named is None:
                continue
            article = to_article(named)
            looks: list[Article | Sighting] = [*same] if by_address[found] else [*same, seen]
            if not any(plainly_other(article, look, undated=undated[found]) for look in looks):
                same.append(article)
        return same
