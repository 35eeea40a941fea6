"""What the record holds of each source, in figures, for the report.

Owns one value and the query that fills it.
"""

from __future__ import annotations

from dataclasses import dataclass

from luciole.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts over the articles of one source that are no tombstones.

    `undated`: nobody states a day (none at all, or only the day we first saw it); `guessed`: the day is a guess from the page; `empty`: no
    text; `members_only`: the text is only a teaser; `copies`: the same text stands elsewhere, earlier.
    """

    articles: int = 0
    undated: int = 0
    guessed: int = 0
    empty: int = 0
    members_only: int = 0
    copies: int = 0


def figures(database: Database) -> dict[str, Figures]:
    """The figures of every source that has an article, by source id, in one pass over the record."""
    rows = database.all(
        "SELECT source_id, count(*) AS articles, sum(published IS NULL OR published_basis = 'seen') AS undated, "
        "sum(published_basis IS 'guess') AS guessed, sum(text = '') AS empty, sum(members_only) AS members_only, "
        "sum(dup_of IS NOT NULL) AS copies FROM article WHERE gone_at IS NULL AND merged_into IS NULL GROUP BY source_id"
    )
    return {row["source_id"]: Figures(**{name: row[name] for name in Figures.__dataclass_fields__}) for row in rows}
