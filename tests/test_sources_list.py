"""The list itself: `sources.yaml` as it stands in the repository, its header included."""

from __future__ import annotations

import re
from pathlib import Path

from luciole.disciplines import DISCIPLINES
from luciole.registry import Registry, parse_registry, read_registry
from luciole.registry_rules import KEYS
from luciole.registry_urls import VIDEO_HOSTS
from luciole.urls import authority

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "sources.yaml"


def real_list() -> Registry:
    return read_registry(LIST)


def header() -> str:
    return LIST.read_text(encoding="utf-8").partition("\nsources:\n")[0]


def test_the_list_is_valid_and_large() -> None:
    sources = real_list()
    ids = [source.id for source in sources]
    assert len(sources) >= 240
    assert ids == sorted(set(ids))
    assert sum(source.crawled for source in sources) >= 200


def test_every_discipline_has_a_source_and_every_source_a_date() -> None:
    sources = real_list()
    assert {discipline for source in sources for discipline in source.disciplines} == set(DISCIPLINES)
    assert all(source.added for source in sources)
    assert all(source.language == "fr" for source in sources)


def test_no_video_host_is_ever_visited() -> None:
    sources = real_list()
    assert not [source.id for source in sources if source.crawled and VIDEO_HOSTS & source.hosts]
    assert [source.feeds for source in sources if source.type == "video" and source.feeds] == []


def test_names_are_typeset_in_french() -> None:
    texts = [text for source in real_list() for text in (source.name, source.why or "")]
    assert [text for text in texts if "'" in text or " - " in text or '"' in text or "..." in text] == []


def test_a_blog_within_another_is_not_read_twice() -> None:
    """Where one home page lies under another, the outer source excludes it, or the two are different sites on one platform."""
    sources = real_list()
    nested = [
        (outer.id, inner.id)
        for outer in sources
        for inner in sources
        if outer is not inner
        and outer.crawled
        and inner.crawled
        and authority(outer.url) == authority(inner.url)
        and inner.url.startswith(outer.url.rstrip("/") + "/")
        and outer.admits(inner.url)
    ]
    assert nested == []


def test_the_examples_of_the_header_are_true() -> None:
    """Both examples, uncommented as the header tells, are valid; the complete one uses every key."""
    lines = header().splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("# - id:")]
    examples = []
    for start in starts:
        end = next(number for number in range(start, len(lines)) if lines[number].strip() == "#")
        examples.append("\n".join(line.removeprefix("# ") for line in lines[start:end]))
    assert len(examples) == 2
    short, full = (parse_registry(f"sources:\n{example}\n", "en-tête").sources[0] for example in examples)
    assert short.id == "mon-blog"
    assert full.exclude == ("exemple.fr/blog/agenda/*", "*/offres-d-emploi/*")
    assert {re.split(r"[:\s]", line.strip(" -"))[0] for line in examples[1].splitlines()} - {"#"} == set(KEYS)


def test_the_header_names_every_discipline() -> None:
    assert [discipline for discipline in DISCIPLINES if discipline not in header()] == []


def test_the_note_on_the_list_counts_right() -> None:
    sources = real_list()
    note = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    videos = sum(source.type == "video" for source in sources)
    archived = sum(source.status == "archived" for source in sources)
    assert f"{len(sources)} sources" in note
    assert f"| `active`, hors chaînes vidéo | {sum(source.crawled for source in sources)} |" in note
    assert f"| chaînes vidéo (`type: video`) | {videos} |" in note
    assert f"| `archived` | {archived} |" in note
    assert f"| `paused` | {sum(not source.listed for source in sources)} |" in note
