"""What the store knows of the sources: the registry as it was last read, and how each source stands.

Owns the table `source`. A row outlives its block in `sources.yaml`: a source that left and comes back is still known. It refuses to know
how the crawl found out how a source stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from sqlite3 import Row

from luciole.database import Database
from luciole.duplicates import Duplicates
from luciole.revisions import Revisions
from luciole.rows import moment, stamp
from luciole.sources import Source
from luciole.standing import Standing
from luciole.urls import authority


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """Ids of the sources that came, left or changed since the registry was last written into the store."""

    came: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


class StoredSources:
    """The sources of a store. What readers may see of a source is told by new revisions of its articles."""

    def __init__(self, database: Database, revisions: Revisions, duplicates: Duplicates) -> None:
        self._database = database
        self._revisions = revisions
        self._duplicates = duplicates

    def sync(self, sources: Iterable[Source]) -> SourceChanges:
        """Write the registry down; see `ArticleStore.sync_sources`."""
        came: list[str] = []
        left: list[str] = []
        changed: list[str] = []
        completed: list[str] = []
        with self._database.transaction():
            rows = {row["id"]: row for row in self._database.all("SELECT * FROM source")}
            listed = {source.id: source for source in sources}
            for source in listed.values():
                row = rows.get(source.id)
                if row is None or not row["listed"]:
                    came.append(source.id)
                elif row["digest"] != source.digest():
                    changed.append(source.id)
                elif not row["block"]:  # written by an older Luciole: nothing changed, but now we know what it says
                    completed.append(source.id)
                else:
                    continue
                self._write(source, row)
            for source_id, row in rows.items():
                if row["listed"] and source_id not in listed:
                    left.append(source_id)
                    self._database.execute("UPDATE source SET listed = 0 WHERE id = ?", source_id)
            for source_id in (*came, *left, *changed):
                self._revisions.touch(source_id)
            self._duplicates.sources_changed((*came, *left, *changed, *completed))
        return SourceChanges(tuple(came), tuple(left), tuple(changed))

    def standing(self, source_id: str) -> Standing:
        """How a source stands; one that was never heard of stands well."""
        row = self._database.one("SELECT * FROM source WHERE id = ?", source_id)
        return _standing(row) if row else Standing()

    def standings(self) -> dict[str, Standing]:
        """How each source stands that was ever in the registry, listed today or not."""
        return {row["id"]: _standing(row) for row in self._database.all("SELECT * FROM source ORDER BY id")}

    def stand(self, source_id: str, standing: Standing) -> None:
        """Write how a source stands. When it is frozen or thawed by that, its articles get new revisions."""
        with self._database.transaction():
            # A source that was never in the registry: `listed` says so, and no authority makes the first one that comes no move.
            self._database.execute("INSERT OR IGNORE INTO source (id, digest, listed, authority) VALUES (?, '', 0, '')", source_id)
            before = self.standing(source_id)
            if standing == before:
                return
            self._write_standing(source_id, standing)
            if (before.frozen_at is None) != (standing.frozen_at is None):
                self._revisions.touch(source_id)
                self._duplicates.sources_changed([source_id])

    def _write(self, source: Source, row: Row | None) -> None:
        host = authority(source.url)
        moved = row is not None and (bool(row["moved"]) or row["authority"] not in ("", host))
        self._database.execute(
            "INSERT INTO source (id, digest, listed, authority, moved, block) VALUES (?, ?, 1, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "digest = excluded.digest, listed = 1, authority = excluded.authority, moved = excluded.moved, block = excluded.block",
            *(source.id, source.digest(), host, int(moved), json.dumps(source.to_json(), ensure_ascii=False)),
        )
        if row is not None:
            before = _standing(row)
            after = lifted(before, Source.from_json(json.loads(row["block"])) if row["block"] else None, source)
            if after != before:
                self._write_standing(source.id, after)

    def _write_standing(self, source_id: str, standing: Standing) -> None:
        self._database.execute(
            "UPDATE source SET frozen_at = ?, frozen_why = ?, gone_since = ?, failing_since = ?, failures = ?, expected = ?, feed = ? "
            "WHERE id = ?",
            stamp(standing.frozen_at) if standing.frozen_at else None,
            standing.frozen_why,
            stamp(standing.gone_since) if standing.gone_since else None,
            stamp(standing.failing_since) if standing.failing_since else None,
            *(standing.failures, standing.expected, standing.feed, source_id),
        )


def lifted(standing: Standing, before: Source | None, now: Source) -> Standing:
    """How a source stands after its block in the registry was edited; `before` is the block as it was last read, None when unknown.

    A new `url` makes it stand well. A `reviewed` date after the day (UTC) of the freeze thaws it; so does the day itself when the curator
    wrote it since the registry was last read: a blog frozen at night is looked at in the morning.
    """
    if before is not None and before.url != now.url:
        return Standing(expected=standing.expected)
    if standing.frozen_at is None or now.reviewed is None:
        return standing
    day = standing.frozen_at.date()
    if now.reviewed > day or (now.reviewed == day and before is not None and before.reviewed != now.reviewed):
        return replace(standing, frozen_at=None, frozen_why="")
    return standing


def _standing(row: Row) -> Standing:
    return Standing(
        frozen_at=moment(row["frozen_at"]),
        frozen_why=row["frozen_why"],
        gone_since=moment(row["gone_since"]),
        failing_since=moment(row["failing_since"]),
        failures=row["failures"],
        expected=row["expected"],
        feed=row["feed"],
    )
