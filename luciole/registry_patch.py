"""Moved addresses as a patch to the list: what a curator reads, and applies or not.

Owns the replacement of single addresses in the text of `sources.yaml` and the unified diff of it. The file is never written here, nor is
it ever serialised again: the place of each address is taken from libyaml's marks, and every other character stays as its author left it.
It refuses to know why an address moved.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from luciole.errors import LucioleError
from luciole.registry import RegistryError, describe_problems, parse_registry
from luciole.registry_faults import quoted

Moves = Mapping[str, Sequence[tuple[str, str]]]
"""For each source id, pairs of an address of its block (`url`, or one of `feeds`) and the one to put in its place."""

_BOM: Final = "\ufeff"
_PLAIN: Final = re.compile(r"[A-Za-z0-9:/._~%?=&+@!$*;()-]*[A-Za-z0-9/._~%?=&+@!$*;()-]\Z")
"""What an address may hold to be written without quotes anywhere, inside brackets too."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PatchError(LucioleError):
    """A move cannot be written into the list as it stands. The message is a French sentence for curators."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an address stands in the text: from `start` to `end` (not included), its quotes with it."""

    source_id: str
    value: str
    start: int
    end: int
    style: str


def patch(text: str, path: str, moves: Moves, *, allow_hosts: frozenset[str] = frozenset()) -> str:
    """A unified diff that changes just these addresses in the text of the list, "" when there is nothing to change.

    `path` names the file in the diff's head. Line ends, a byte order mark and a missing last line end are kept. Raises what `moved`
    raises.
    """
    return unified(text, moved(text, path, moves, allow_hosts=allow_hosts), path)


def moved(text: str, path: str, moves: Moves, *, allow_hosts: frozenset[str] = frozenset()) -> str:
    """The text of the list with the addresses replaced.

    Raises `PatchError` for an address that does not stand in its block (or not as it reads), and for a new one that the list may not
    hold; `RegistryError` when the list has faults already. `allow_hosts` as for `parse_registry`.
    """
    parse_registry(text, path, allow_hosts=allow_hosts)
    bom, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    places = list(_places(body))
    edits: dict[int, tuple[int, str]] = {}
    for source_id, pairs in moves.items():
        for old, new in pairs:
            found = [place for place in places if place.source_id == source_id and place.value.strip() == old]
            if not found:
                raise PatchError(
                    f"L’adresse {quoted(old)} n’est pas dans le bloc {quoted(source_id)} : la liste a changé depuis la visite."
                )
            for place in found:
                edits[place.start] = (place.end, _rewritten(body[place.start : place.end], place, old, new))
    for start, (end, replacement) in sorted(edits.items(), reverse=True):
        body = body[:start] + replacement + body[end:]
    try:
        parse_registry(body, path, allow_hosts=allow_hosts)
    except RegistryError as error:
        first = describe_problems(error)[0]
        raise PatchError(f"La liste corrigée aurait une faute : {first}", "changez cette adresse à la main") from error
    return bom + body


def accepted(text: str, path: str, moves: Moves, *, allow_hosts: frozenset[str] = frozenset()) -> tuple[Moves, tuple[str, ...]]:
    """Those of the moves that can be written into the list together, and a French sentence for each of the others.

    One address that the list may not hold must not hold back the rest. Raises `RegistryError` when the list has faults already.
    """
    try:
        moved(text, path, moves, allow_hosts=allow_hosts)
    except PatchError:
        pass
    else:
        return moves, ()
    kept: dict[str, list[tuple[str, str]]] = {}
    refused: list[str] = []
    for source_id, pairs in moves.items():
        for pair in pairs:
            attempt = {**kept, source_id: [*kept.get(source_id, []), pair]}
            try:
                moved(text, path, attempt, allow_hosts=allow_hosts)
            except PatchError as error:
                refused.append(f"[{source_id}] {pair[0]} → {pair[1]} : {error.message}")
            else:
                kept = attempt
    return kept, tuple(refused)


def unified(before: str, after: str, path: str) -> str:
    """The unified diff between two texts of one file, as `patch` reads it, with a line that lacks its end marked as such."""
    lines = difflib.unified_diff(_lines(before), _lines(after), path, path)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    """The lines with their ends. Only what `patch` takes for an end ends a line: U+0085 and U+2028 do not."""
    return re.findall(r"[^\n]*\n|[^\n]+\Z", text)


def _places(text: str) -> Iterator[_Place]:
    """Every address of `url` and `feeds`, with the id of its block. The list is known to be without faults."""
    loader = _Loader(text)
    try:
        depth, key, source_id = 0, "", ""
        block: list[_Place] = []
        is_key = True
        while loader.check_event():
            event = loader.get_event()
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                is_key = depth == _BLOCK
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
                is_key = True
                if depth == _BLOCK - 1:
                    yield from (_Place(source_id, place.value, place.start, place.end, place.style) for place in block)
                    block, source_id = [], ""
            elif isinstance(event, yaml.ScalarEvent):
                if depth == _BLOCK and is_key:
                    key, is_key = event.value, False
                    continue
                is_key = depth == _BLOCK
                if depth == _BLOCK and key == "id":
                    source_id = event.value.strip()
                elif (depth, key) in ((_BLOCK, "url"), (_BLOCK + 1, "feeds")):
                    start, end = event.start_mark, event.end_mark
                    assert start is not None
                    assert end is not None
                    block.append(_Place("", event.value, start.index, end.index, event.style or ""))
    finally:
        loader.dispose()


_BLOCK: Final = 3
"""Collections that are open inside a block: the document's mapping, the list under `sources:`, the block itself."""


def _rewritten(raw: str, place: _Place, old: str, new: str) -> str:
    """The scalar with its new value, in the quotes that it had; quotes are put on where the new address needs them."""
    if place.style == "" and raw == old:
        return new if _PLAIN.match(new) else _quoted(new)
    if place.style == "'" and raw == f"'{old.replace(chr(39), chr(39) * 2)}'":
        return _quoted(new)
    if place.style == '"' and raw == f'"{old}"' and not re.search(r'["\\]', new):
        return f'"{new}"'
    if place.style in ("|", ">") and raw.count(old) == 1:
        return raw.replace(old, new)
    raise PatchError(
        f"L’adresse {quoted(old)} du bloc {quoted(place.source_id)} est écrite d’une façon particulière : changez-la à la main."
    )


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
