"""From a YAML file to a small tree that remembers lines. Knows nothing of sources: only mappings, lists and scalars.

The event parser of libyaml is driven by hand. PyYAML's composer would do the same in fewer lines, but it recurses in C: measured
with PyYAML 6.0.3, 200,000 opening brackets end the process with a segmentation fault. Here nesting is bounded, and anchors, aliases
and tags are refused as they go by, so nothing ever expands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from luciole.registry_faults import Faults, FaultyFile, Problem, quoted

MAX_BYTES: Final = 5_000_000
MAX_DEPTH: Final = 6
MAX_CHUNKS: Final = 5_000

_NO_TEXT: Final = re.compile("[^\\t\\n\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]")
"""What YAML does not allow in a file, byte order marks in its middle, and the line breaks that YAML counts but editors do not."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf: its text as written, and the kind YAML gives it: str, int, float, bool, null, timestamp, merge, value or alias."""

    line: int
    text: str
    kind: str = "str"


@dataclass(frozen=True, slots=True)
class Listing:
    """A sequence."""

    line: int
    items: list[Value] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping as its pairs in the order of the file: a key that comes twice is twice here."""

    line: int
    pairs: list[tuple[Value, Value]] = field(default_factory=list)


Value = Scalar | Listing | Mapping


class _Syntax(Exception):
    """The text is not YAML from `line` on."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


def read_file(path: Path, faulty: type[FaultyFile]) -> bytes:
    """The content of a file, at most one byte more than `decode` takes. Raises `faulty` for one that is missing or cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise faulty([Problem(0, None, "ce fichier n’existe pas.")], str(path)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise faulty([Problem(0, None, f"ce fichier ne peut pas être lu ({reason}).")], str(path)) from error


def decode(data: bytes | str, faults: Faults) -> str | None:
    """The text of a file, or None when it is too big. A BOM is dropped; what is no text becomes U+FFFD, with a fault for its line."""
    if len(data) > MAX_BYTES:
        faults.add(0, f"le fichier dépasse {MAX_BYTES // 1_000_000} Mo : ce n’est pas une liste écrite à la main.")
        return None
    text = data.decode("utf-8", errors="surrogateescape") if isinstance(data, bytes) else data
    text = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    if not _NO_TEXT.search(text):
        return text
    for number, line in enumerate(text.split("\n"), 1):
        if bad := _NO_TEXT.search(line):
            code = ord(bad[0])
            if 0xDC80 <= code <= 0xDCFF:
                faults.add(number, f"octet {code - 0xDC00:02X} qui n’est pas de l’UTF-8 : enregistrez le fichier en UTF-8.")
            else:
                faults.add(number, f"caractère invisible U+{code:04X} : retirez-le.")
    return _NO_TEXT.sub("\ufffd", text)


def without_tabs(text: str, faults: Faults) -> str:
    """The text with tabs at the start of lines as two spaces each, and a fault for each such line: YAML refuses them."""
    if "\t" not in text:
        return text
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in indent and line.strip():
            faults.add(number, "tabulation au début de la ligne : remplacez-la par deux espaces.")
        lines[number - 1] = indent.replace("\t", "  ") + line[len(indent) :]
    return "\n".join(lines)


def read_tree(text: str, faults: Faults, tops: Sequence[str] = ("sources",)) -> Value | None:
    """The tree of a document; None when there is none.

    When the syntax is broken, the lists under the keys `tops` are read again block by block, so that the faults of the other blocks are
    told too; the tree then holds the blocks that can be read, and the faults say which cannot.
    """
    try:
        return _compose(text, 0, faults)
    except _Syntax as error:
        return _sections(text, tops, error, faults)


def _sections(text: str, tops: Sequence[str], whole: _Syntax, faults: Faults) -> Value | None:
    lines = text.split("\n")
    heading = re.compile(rf"({'|'.join(tops)})\s*:\s*(#.*)?$")
    starts = [at for at, line in enumerate(lines) if heading.match(line)]
    found = len(faults.problems)
    pairs: list[tuple[Value, Value]] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        if (blocks := _blocks(lines, start + 1, end, faults)) is not None:
            pairs.append((Scalar(start + 1, lines[start].partition(":")[0].rstrip()), blocks))
    if len(faults.problems) == found:  # every block reads well alone: what is broken stands between or around them
        faults.add(whole.line, whole.message)
    return Mapping(starts[0] + 1, pairs) if pairs else None


def _blocks(lines: list[str], top: int, bottom: int, faults: Faults) -> Listing | None:
    """The blocks between two lines of the file that can be read, each by itself; None when there is none."""
    first = next((at for at in range(top, bottom) if re.match(r" *- ", lines[at])), None)
    if first is None:
        return None
    dash = lines[first][: lines[first].index("-") + 2]
    starts = [at for at in range(first, bottom) if lines[at].startswith(dash)]
    blocks = Listing(first + 1)
    for start, end in zip(starts[:MAX_CHUNKS], [*starts[1:], bottom], strict=False):
        name = re.search(r"^[ -]*id *: *[\"']?([\w-]{1,60})", "\n".join(lines[start:end]), re.MULTILINE)
        try:
            part = _compose("\n".join(lines[start:end]), start, faults)
        except _Syntax as error:
            faults.add(error.line, error.message, name[1] if name else None)
            continue
        if isinstance(part, Listing):
            blocks.items.extend(part.items)
    return blocks if blocks.items else None


def _compose(text: str, offset: int, faults: Faults) -> Value | None:
    """One document as a tree; `offset` lines stand before it in the file. Raises `_Syntax`."""
    loader = _Loader(text)
    last = text.count("\n")  # libyaml counts one line more when the end of the file takes it by surprise
    root: list[Value] = []
    open_: list[tuple[Listing | Mapping, list[Value]]] = []
    try:
        while loader.check_event():
            event = loader.get_event()
            line = min(event.start_mark.line, last) + 1 + offset
            if isinstance(event, yaml.DocumentStartEvent) and root:
                faults.add(line, "« --- » commence un second document : retirez cette ligne.")
                break
            if isinstance(event, yaml.CollectionEndEvent):
                collection, children = open_.pop()
                if isinstance(collection, Mapping):
                    collection.pairs.extend(zip(children[::2], children[1::2], strict=True))
                continue
            if not isinstance(event, yaml.NodeEvent):
                continue
            _refuse_magic(event, line, faults)
            value = _value(loader, event, line)
            (open_[-1][1] if open_ else root).append(value)
            if not isinstance(value, Scalar):
                open_.append((value, value.items if isinstance(value, Listing) else []))
                if len(open_) > MAX_DEPTH:
                    raise _Syntax(line, "trop de niveaux imbriqués.")
    except yaml.MarkedYAMLError as error:
        line, opened = (min(mark.line, last) + 1 + offset if mark else offset + 1 for mark in (error.problem_mark, error.context_mark))
        raise _Syntax(*_in_french(str(error.context or ""), str(error.problem or ""), line, opened)) from error
    except yaml.YAMLError as error:
        raise _Syntax(offset + 1, "ce n’est pas du YAML lisible.") from error
    finally:
        loader.dispose()
    return root[0] if root else None


def _value(loader: Any, event: yaml.NodeEvent, line: int) -> Value:
    if isinstance(event, yaml.SequenceStartEvent):
        return Listing(line)
    if isinstance(event, yaml.MappingStartEvent):
        return Mapping(line)
    if not isinstance(event, yaml.ScalarEvent):  # an alias: already a fault, nothing is expanded
        return Scalar(line, "", "alias")
    tag: str = loader.resolve(yaml.ScalarNode, event.value, event.implicit)
    return Scalar(line, event.value, tag.rpartition(":")[2])


def _refuse_magic(event: yaml.NodeEvent, line: int, faults: Faults) -> None:
    if isinstance(event, yaml.AliasEvent):
        faults.add(line, f"renvoi {quoted('*' + str(event.anchor))} : écrivez la valeur elle-même, ou mettez-la entre guillemets.")
    elif event.anchor is not None:
        faults.add(line, f"ancre {quoted('&' + str(event.anchor))} : retirez-la, ou mettez la valeur entre guillemets.")
    tag = getattr(event, "tag", None)
    if tag is not None:
        faults.add(line, f"étiquette YAML {quoted(str(tag))} : retirez-la, ou mettez la valeur entre guillemets.")


_MEANINGS: Final = (
    ("mapping values are not allowed", "« : » inattendu : mettez la valeur entre guillemets, ou vérifiez le retrait de la ligne."),
    ("cannot start any token", "une valeur ne peut pas commencer par ce caractère : mettez-la entre guillemets."),
    ("did not find expected key", "le retrait de cette ligne n’est pas celui des autres clés du bloc."),
    ("did not find expected '-' indicator", "ligne mal placée : un bloc commence par « - », ses clés s’alignent deux espaces plus loin."),
    ("did not find expected ',' or", "il manque « , » ou le crochet fermant de la liste."),
    ("unknown escape character", "« \\ » entre guillemets doubles : écrivez « \\\\ » ou prenez des guillemets simples."),
    ("invalid Unicode", "code de caractère impossible entre guillemets."),
    ("alphabetic or numeric", "une valeur qui commence par « * » ou « & » se met entre guillemets."),
    ("duplicate", "directive YAML répétée : retirez-la."),
)


def _in_french(context: str, problem: str, line: int, opened: int) -> tuple[int, str]:
    """The line to look at and the sentence for an error of libyaml, whose messages are English and sometimes late."""
    if "quoted scalar" in context and "end of stream" in problem:
        return opened, "des guillemets s’ouvrent ici et ne se ferment jamais."
    if "could not find expected ':'" in problem:
        return opened, "il manque « : » suivi d’une espace après la clé."
    if "flow" in context and "did not find expected" in problem:
        return opened, "un crochet ou une accolade s’ouvre ici et ne se ferme pas, ou il manque une virgule."
    for known, sentence in _MEANINGS:
        if known in problem:
            return line, sentence
    return line, f"erreur de syntaxe YAML ({problem or context})."
