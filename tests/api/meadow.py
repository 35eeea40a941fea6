"""A small invented blogosphere, what a night would publish of it, and an application on a socket of loopback."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import uvicorn
from fastapi import FastAPI

from indexer.document import IndexDocument
from indexer.night import Night, SourceCard
from indexer.open import open_writer
from luciole.settings import Settings

NIGHT = datetime(2026, 3, 14, 3, 7, tzinfo=UTC)


def card(name: str, label: str, *disciplines: str, **more: object) -> SourceCard:
    values: dict[str, object] = {
        "id": name,
        "name": label,
        "url": f"https://{name}.example/",
        "disciplines": disciplines,
        "type": "individual",
        "country": "FR",
        "licence": None,
        "status": "active",
        "why": None,
        "articles": 0,
        "last_success": NIGHT,
        "state": "ok",
    }
    return SourceCard(**{**values, **more})  # type: ignore[arg-type]


def document(source: SourceCard, number: int, title: str, body: str, **more: object) -> IndexDocument:
    date = datetime(2025, 3, 14, 9, tzinfo=UTC) - timedelta(days=40 * number)
    values: dict[str, object] = {
        "id": hashlib.sha256(f"{source.id}{number}".encode()).hexdigest()[:16],
        "url": f"{source.url}articles/{number}",
        "title": title,
        "body": body,
        "authors": ("Ada Exemple",),
        "source_id": source.id,
        "source_name": source.name,
        "disciplines": source.disciplines,
        "date": date,
        "year": str(date.year),
        "words": len(body.split()),
    }
    return IndexDocument(**{**values, **more})  # type: ignore[arg-type]


NUIT = card(
    *("nuit", "Carnet de la nuit", "astronomie-espace", "physique"),
    **{"articles": 37, "why": "Observations racontées avec leurs calculs.", "feeds": ("https://nuit.example/feed.xml",)},
)
PIEGE = card(
    *("piege", "<b>Piège</b> & Cie", "informatique-numerique"),
    **{"type": "collective", "country": "BE", "state": "failed", "cause": "le serveur ne répond pas"},
)
MOUSSE = card("mousse", "Mousses et lichens", "biologie-evolution", country="CH", articles=2, state="unchanged")
CHAINE = card("chaine", "La chaîne des volcans", "sciences-de-la-terre", type="video", state="skipped", last_success=None)
VIEUX = card("vieux", "Vieux grimoire", "histoire-philosophie-des-sciences", status="archived", country=None, state=None, articles=1)
TRAP = "<script>alert('lanterne')</script>"
GIANT = "anticonstitutionnellement" * 12


def documents() -> list[IndexDocument]:
    ringed = [
        document(NUIT, number, f"Une nuit de lumière, épisode {number}", f"La lumière des étoiles voyage. C’est la nuit {number}. " * 6)
        for number in range(1, 38)
    ]
    return [
        *ringed,
        document(MOUSSE, 1, "Le lichen sous la lumière", "Un lichen est une alliance. Il pousse sans hâte à la lumière du matin. " * 8),
        document(MOUSSE, 2, "Mousse sans date", "La mousse garde l’eau comme une éponge. " * 8, date=None, year=""),
        document(PIEGE, 1, f"Titre piégé {TRAP}", f"Un corps piégé {TRAP} & <img src=x onerror=alert(1)> lanterne. " * 5),
        document(PIEGE, 2, "Lanterne \u202egnissap", f"Lanterne {GIANT} fin. " * 3, authors=("Nul\u202e", "<i>Autre</i>")),
        document(
            PIEGE, 3, "Lanterne au mauvais lien", "Lanterne dont l’adresse est un script. " * 5, url="javascript://mal.example/%0aalert(1)"
        ),
        document(VIEUX, 1, "Histoire de la lumière", "Des siècles de théories sur la lumière, ondes et grains. " * 8),
    ]


def night() -> Night:
    cards = tuple(sorted((NUIT, PIEGE, MOUSSE, CHAINE, VIEUX), key=lambda one: one.name.lower()))
    return Night(published_at=NIGHT, crawled_at=NIGHT, articles=len(documents()), sources=cards)


def publish(settings: Settings, *, revision: int = 1) -> None:
    """What `luciole index --rebuild` does at its end."""
    writer = open_writer(settings)
    try:
        writer.rebuild(documents(), lambda: (revision, night()))
    finally:
        writer.close()


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """An application behind a real socket of loopback: its address."""
    listening = socket.create_server(("127.0.0.1", 0))  # connections wait in line until the server takes them
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
    assert not thread.is_alive()
