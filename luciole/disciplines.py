"""The taxonomy: which disciplines exist and what readers see. Knows nothing of sources, articles or engines.

The labels follow the way the francophone scene names itself. Ids appear in `sources.yaml`, in addresses and in feeds: they are for ever.
The order is the order in which readers meet them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

DISCIPLINES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mathematiques": "Mathématiques",
        "physique": "Physique",
        "chimie": "Chimie",
        "astronomie-espace": "Astronomie & espace",
        "sciences-de-la-terre": "Sciences de la Terre",
        "climat-environnement": "Climat & environnement",
        "biologie-evolution": "Biologie & évolution",
        "sante-medecine": "Santé & médecine",
        "neurosciences-psychologie": "Neurosciences & psychologie",
        "informatique-numerique": "Informatique & numérique",
        "ingenierie-technologies": "Ingénierie & technologies",
        "sciences-humaines-sociales": "Sciences humaines & sociales",
        "histoire-philosophie-des-sciences": "Histoire & philosophie des sciences",
        "archeologie-paleontologie": "Archéologie & paléontologie",
        "esprit-critique-zetetique": "Esprit critique & zététique",
        "culture-scientifique-mediation": "Culture scientifique & médiation",
        "pluridisciplinaire": "Pluridisciplinaire",
    }
)
"""Discipline id → French label, capitalised for display. «Pluridisciplinaire» is for blogs that no one discipline leads."""
