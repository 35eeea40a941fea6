"""Several questions to the index whose answers belong together: all of one generation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from api.live_index import LiveIndex
from indexer.night import Night

Answers = TypeVar("Answers")

_TRIES: Final = 3
"""Times that the questions are asked before their answers may be of two generations."""


def one_night(index: LiveIndex, ask: Callable[[Night], Answers]) -> tuple[str, Night, Answers]:
    """The generation, what it knows of the blogs, and the answers. A publish may come between two questions: then they are asked again.
    What is still mixed after that carries the tag of the older generation, so that the reader gets a whole one the next time."""
    for _ in range(_TRIES):
        generation, night = index.edition()
        answers = ask(night)
        if index.meta().generation == generation:
            break
    return generation, night, answers
