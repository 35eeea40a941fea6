"""JSON from strangers: bytes to values, and values out of whatever stands in their place.

Owns the reading of a body that should be JSON and the look-up that never raises. It refuses to know what the values mean.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, Final

_SURROGATES: Final = re.compile("[\ud800-\udfff]")
# Themes and plugins print warnings before the answer of an interface.
_AFTER_NOISE: Final = re.compile(r"^[ \t]*(?=\[\s*\{\s*\"|\{\s*\")|(?<=>)\s*(?=\[\s*\{\s*\"|\[\s*\]\s*\Z|\{\s*\")", re.MULTILINE)
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_json(body: bytes) -> object:
    """The value that `body` holds, printed warnings before it skipped. Raises `ValueError` for anything else, endless nesting too."""
    text = body.decode("utf-16" if body.startswith(_UTF_16) else "utf-8-sig", "replace").strip("\ufeff\0 \t\r\n")
    if not text.startswith(("[", "{")):
        begin = _AFTER_NOISE.search(text)
        if begin is None:
            raise ValueError("no JSON")
        text = text[begin.end() :]
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        raise ValueError("nested too deep") from None


def at(value: object, *path: str | int) -> Any:
    """What stands at a path of names and places, None where there is none."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def text_at(value: object, *path: str | int) -> str:
    """The text at a path, "" where there is none; a number as its digits. Halves of characters, which no UTF-8 can hold, are dropped."""
    found = at(value, *path)
    if isinstance(found, str):
        return _SURROGATES.sub("", found)
    return str(found) if isinstance(found, int) and not isinstance(found, bool) and abs(found) < 10**18 else ""


def list_at(value: object, *path: str | int) -> list[Any]:
    """The list at a path, empty where there is none. PHP writes one with holes as an object of numbers: its values count too."""
    found = at(value, *path)
    if isinstance(found, dict) and found and all(isinstance(name, str) and name.isdecimal() for name in found):
        return list(found.values())
    return found if isinstance(found, list) else []


def is_html(body: bytes) -> bool:
    """Whether a body that is no JSON is a page."""
    return bool(re.search(rb"<(!doctype\s+html|html|head|body)\b", body[:2048], re.IGNORECASE))
