"""The one number that tells everyone downstream what changed.

Owns the counter of revisions and how articles get new ones. It refuses to know why an article changed.
"""

from __future__ import annotations

from luciole.database import Database


class Revisions:
    """The counter `revision` of a store. Inside a transaction that fails, nothing was counted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> int:
        """The revision of the newest change; 0 for an empty store."""
        row = self._database.one("SELECT value FROM counter WHERE name = 'revision'")
        return int(row["value"]) if row else 0

    def next(self) -> int:
        """A revision that no article has yet, greater than all."""
        row = self._database.one("UPDATE counter SET value = value + 1 WHERE name = 'revision' RETURNING value")
        assert row is not None, "the schema puts the counter there"
        return int(row["value"])

    def touch(self, source_id: str) -> None:
        """Give every article of a source a new revision, in their old order."""
        self._database.execute(
            "UPDATE article SET revision = ? + ranked.place FROM (SELECT id, row_number() OVER (ORDER BY revision) AS place "
            "FROM article WHERE source_id = ?) AS ranked WHERE article.id = ranked.id",
            self.newest(),
            source_id,
        )
        row = self._database.one("SELECT max(revision) AS top FROM article WHERE source_id = ?", source_id)
        if row and row["top"] is not None:
            self._database.execute("UPDATE counter SET value = max(value, ?) WHERE name = 'revision'", row["top"])
