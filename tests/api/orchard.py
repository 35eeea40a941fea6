"""The meadow with what its pages can meet: a site that is gone, a blog that is withheld, articles that cite, titles without an end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from api.app import create
from indexer.document import IndexDocument
from indexer.night import Night
from indexer.open import open_writer
from luciole.settings import Settings
from tests.api.meadow import MOUSSE, NIGHT, NUIT, PIEGE, card, document, documents, night, serving

DOI: Final = "10.1038/171737a0"
PERDU = card("perdu", "Le site perdu", "physique", articles=1, gone_since=NIGHT - timedelta(days=400), found=1)
FIGE = card("fige", "Le nom volé", "physique", frozen_since=NIGHT - timedelta(days=3), frozen_why="titre inconnu", found=12)
LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3

WHOLE = document(
    *(NUIT, 90, "Une molécule, deux brins", "La lumière a montré deux brins. " * 30),
    dois=(DOI, "10.1000/odd(1)\"<b>'?#%"),
    members_only=True,
    date=datetime(2011, 5, 1, tzinfo=UTC),
    year="2011",
)
OTHER = document(
    *(NUIT, 91, "La photographie 51", "La lumière des rayons a montré des brins. " * 30),
    dois=(DOI,),
    date=datetime(2026, 3, 1, tzinfo=UTC),
    year="2026",
)
LOST = document(PERDU, 1, "Une page perdue", "La lumière perdue. " * 30)
TOMORROW = document(MOUSSE, 50, "Un lichen de l’an 2099", "Le lichen de demain. " * 30, date=datetime(2099, 1, 1, tzinfo=UTC), year="2099")
SHORT = document(MOUSSE, 51, "Un lichen sans extrait", "Un lichen dont rien n’est montré. " * 30, snippet=0)
ENDLESS = document(PIEGE, 99, f"Lanterne {LONG}", f"Lanterne {LONG}. " * 5, authors=(LONG, "\u202eegreiv"))


def orchard() -> list[IndexDocument]:
    return [*documents(), WHOLE, OTHER, LOST, TOMORROW, SHORT, ENDLESS]


def publish(settings: Settings, *, revision: int = 1) -> None:
    """The meadow, a site that is gone, a blog that is withheld, and articles that cite."""
    shown = orchard()
    plain = night()
    counts = {one.id: sum(document.source_id == one.id for document in shown) for one in (*plain.sources, PERDU, FIGE)}
    cards = tuple(replace(one, articles=counts[one.id], found=one.found or counts[one.id] + 3) for one in (*plain.sources, PERDU, FIGE))
    writer = open_writer(settings)
    try:
        writer.rebuild(
            shown,
            lambda: (
                revision,
                Night(published_at=NIGHT + timedelta(minutes=revision), crawled_at=NIGHT, articles=len(shown), sources=cards),
            ),
        )
    finally:
        writer.close()


@contextmanager
def open_orchard(settings: Settings) -> Iterator[str]:
    """The application over it: its address."""
    publish(settings)
    with serving(create(settings)) as address:
        yield address
