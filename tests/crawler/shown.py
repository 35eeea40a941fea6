"""What a text marks, for the tests of reading."""

from __future__ import annotations

from luciole.marks import spans, unmarked


def shown(text: str) -> list[tuple[str, str]]:
    """The kind and the characters of every marked span, in order."""
    plain = unmarked(text)
    return [(span.kind, plain[span.start : span.end]) for span in spans(text)]
