"""The registry: the whole list of sources, read from `sources.yaml` and checked as one.

Owns what only shows when all blocks are seen together: one id, one home, one feed, alphabetical order. The keys of one block belong to
`registry_rules`, YAML to `registry_yaml`. Nothing here touches the network: checking is offline. ruamel.yaml only edits, elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from luciole.registry_faults import Faults, Problem, RegistryError, describe_problems, quoted, suggestion
from luciole.registry_rules import Block, check_block
from luciole.registry_yaml import Listing, Mapping, Scalar, Value, decode, read_file, read_tree, without_tabs
from luciole.sources import Source
from luciole.urls import url_key

__all__ = ["Problem", "Registry", "RegistryError", "describe_problems", "parse_registry", "read_registry"]


@dataclass(frozen=True, slots=True)
class Registry:
    """Every source of the list, sorted by id, paused and archived ones included. `path` says where it was read."""

    sources: tuple[Source, ...]
    path: Path
    _by_id: dict[str, Source] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sources", tuple(sorted(self.sources, key=lambda source: source.id)))
        object.__setattr__(self, "_by_id", {source.id: source for source in self.sources})

    def __iter__(self) -> Iterator[Source]:
        return iter(self.sources)

    def __len__(self) -> int:
        return len(self.sources)

    def get(self, source_id: str) -> Source | None:
        """The source with this id, or None."""
        return self._by_id.get(source_id)


def read_registry(path: Path, *, allow_hosts: frozenset[str] = frozenset()) -> Registry:
    """Read and check the list. Raises `RegistryError` with every fault found, an unreadable file included.

    `allow_hosts` are authorities (`host:port`) that are accepted although they are not public: the keys of `LUCIOLE_HOST_MAP`.
    """
    return parse_registry(read_file(path, RegistryError), str(path), allow_hosts=allow_hosts)


def parse_registry(text: bytes | str, name: str, *, allow_hosts: frozenset[str] = frozenset()) -> Registry:
    """The same from the content of a file; `name` only serves messages and `Registry.path`. Raises nothing but `RegistryError`."""
    faults = Faults()
    blocks: list[Block] = []
    if (clean := decode(text, faults)) is not None:
        for node in _blocks(read_tree(without_tabs(clean, faults), faults), faults):
            if faults.full:
                break
            blocks.append(check_block(node, faults, allow_hosts))
        _check_unique(blocks, faults)
        _check_order(blocks, faults)
    if faults.problems:
        raise RegistryError(faults.problems, name)
    return Registry(tuple(block.source for block in blocks if block.source is not None), Path(name))


def _blocks(tree: Value | None, faults: Faults) -> list[Value]:
    """The items of `sources:`, the one key of the file."""
    if tree is None or (isinstance(tree, Scalar) and not tree.text.strip()):
        if not faults.problems:
            faults.add(0, "le fichier est vide : il commence par « sources: », puis un bloc par blog.")
        return []
    if not isinstance(tree, Mapping):
        faults.add(tree.line, "il manque la première ligne « sources: », avant les blocs.")
        return []
    items: list[Value] = []
    lines: list[int] = []
    for key, value in tree.pairs:
        if faults.full:
            break
        if not isinstance(key, Scalar) or key.text != "sources":
            word = key.text if isinstance(key, Scalar) else "…"
            faults.add(key.line, f"clé inconnue {quoted(word)} hors des blocs{suggestion(word, ['sources'])}")
        elif lines:
            faults.add(key.line, f"« sources: » est déjà ligne {lines[0]} : réunissez les deux listes.")
        elif not isinstance(value, Listing) or not value.items:
            faults.add(key.line, "« sources: » attend une liste d’au moins un bloc, « - id: … ».")
            lines.append(key.line)
        else:
            items, lines = value.items, [key.line]
    if not lines:
        faults.add(0, "il manque la clé « sources: ».")
    return items


def _check_unique(blocks: list[Block], faults: Faults) -> None:
    """One id, one home page and one feed belong to one source."""
    _once(blocks, faults, "id", lambda block: [block.id] if block.id else [], str, "l’identifiant")
    _once(blocks, faults, "url", lambda block: [block.url] if block.url else [], url_key, "l’adresse")
    _once(blocks, faults, "feeds", lambda block: block.feeds, url_key, "le flux")


def _once(
    blocks: list[Block],
    faults: Faults,
    key: str,
    values: Callable[[Block], Iterable[str]],
    identity: Callable[[str], str],
    noun: str,
) -> None:
    first: dict[str, Block] = {}
    for block in blocks:
        for value in values(block):
            owner = first.setdefault(identity(value), block)
            if owner is not block:
                whose = f", chez {quoted(owner.id)}" if owner.id and key != "id" else ""
                where = owner.lines.get(key, owner.line)
                faults.add(block.lines.get(key, block.line), f"{noun} {quoted(value)} est déjà ligne {where}{whose}.", block.id)


def _check_order(blocks: list[Block], faults: Faults) -> None:
    """Blocks are sorted by id. The fewest blocks that must move are named, each with the place where it goes."""
    named = [block for block in blocks if block.id]
    ids = [block.id or "" for block in named]
    staying = _longest_rise(ids)
    settled = {ids[at] for at in staying}
    ordered = sorted(set(ids))
    for at, (block, name) in enumerate(zip(named, ids, strict=True)):
        if at in staying or name in settled:
            continue  # an id that comes twice has its own fault
        place = bisect_left(ordered, name)
        where = f"après {quoted(ordered[place - 1])}" if place else f"avant {quoted(ordered[1])}"
        faults.add(block.line, f"ce bloc n’est pas à sa place dans l’ordre des identifiants : mettez-le {where}.", name)


def _longest_rise(words: list[str]) -> set[int]:
    """The positions of a longest strictly increasing subsequence (patience sorting): what may stay where it is."""
    tops: list[str] = []
    holders: list[int] = []
    before: list[int] = []
    for at, word in enumerate(words):
        pile = bisect_left(tops, word)
        before.append(holders[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [word]
        holders[pile : pile + 1] = [at]
    rise: set[int] = set()
    at = holders[-1] if holders else -1
    while at >= 0:
        rise.add(at)
        at = before[at]
    return rise
