"""Formulas and code as they are searched: apart from the prose, in words of their own.

Owns what a formula becomes for a search. It refuses to know where marks come from (`luciole.marks`) and how an engine weighs what is found.
"""

from __future__ import annotations

import re
from typing import Final

from luciole.marks import spans, unmarked

COMMAND: Final = r"\\[A-Za-z]+"
"""A command of TeX."""
GLUE: Final = r"[{}^_$]"
"""What TeX writes between the letters of one symbol."""
_COMMAND: Final = re.compile(COMMAND)
_GLUE: Final = re.compile(GLUE)


def searchable(text: str) -> str:
    """What is enclosed in a marked text, one piece a line.

    A formula comes twice, as written and as it is read aloud: `mc^2` is also `mc2`, `\\mathrm{H}_2O` also `H2O`, which is how readers type
    them (and what «mc²» and «H₂O» fold to).
    """
    found = spans(text)
    if not found:
        return ""
    plain = unmarked(text)
    lines = []
    for span in found:
        piece = plain[span.start : span.end]
        lines.append(piece)
        if span.kind == "formula" and (read := _read(piece)) != piece:
            lines.append(read)
    return "\n".join(lines)


def _read(formula: str) -> str:
    return _GLUE.sub("", _COMMAND.sub("", formula.replace("}{", " ")))
