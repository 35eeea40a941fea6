"""Moved addresses as a patch: nothing but the address changes, and applying the patch gives exactly the new text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crawler.schema import prepare
from luciole.database import Database
from luciole.registry import RegistryError, parse_registry
from luciole.registry_patch import PatchError, accepted, moved, patch

ROOT = Path(__file__).parent.parent

LIST = """\
# La liste 𝄞, tenue à la main : url: http://un.exemple.fr/ dans un commentaire n’est pas une adresse.

sources:

- id: deux   # le deuxième
  name: "http://deux.exemple.fr/feed"
  url: 'http://deux.exemple.fr/'  # à revoir
  feeds: [http://deux.exemple.fr/feed,   "http://deux.exemple.fr/notes?x=1"]
  disciplines: [physique]
  why: Un carnet où l’on parle de http://deux.exemple.fr/feed.

- disciplines: [chimie]
  feeds:
    - http://un.exemple.fr/feed  # complet
    - >-
      http://un.exemple.fr/autre
  url: http://un.exemple.fr/
  name: Un
  id: un
"""


def applied(before: str, diff: str) -> str:
    """The text after a unified diff, by a reading of our own of the format (`diff -u`)."""
    lines, out, at = before.split("\n"), [], 0
    rows = diff.split("\n")
    assert rows[0].startswith("--- ")
    assert rows[1].startswith("+++ ")
    for row in rows[2:-1]:
        if row.startswith("@@"):
            start = int(row.split()[1].split(",")[0][1:]) - 1
            out += lines[at:start]
            at = start
        elif row.startswith("+"):
            out.append(row[1:])
        elif row.startswith((" ", "-")):
            assert lines[at] == row[1:]
            if row.startswith(" "):
                out.append(row[1:])
            at += 1
        else:
            assert row == "\\ No newline at end of file"
    return "\n".join(out + lines[at:])


def test_only_the_address_changes():
    diff = patch(LIST, "sources.yaml", {"deux": [("http://deux.exemple.fr/feed", "https://deux.exemple.fr/feed")]})
    changed = [line for line in diff.split("\n") if line[:1] in "+-" and line]
    assert changed == [
        "--- sources.yaml",
        "+++ sources.yaml",
        '-  feeds: [http://deux.exemple.fr/feed,   "http://deux.exemple.fr/notes?x=1"]',
        '+  feeds: [https://deux.exemple.fr/feed,   "http://deux.exemple.fr/notes?x=1"]',
    ]


@pytest.mark.parametrize(
    ("source_id", "old", "new", "line"),
    [
        ("deux", "http://deux.exemple.fr/", "https://exemple.fr/deux/", "  url: 'https://exemple.fr/deux/'  # à revoir"),
        ("deux", "http://deux.exemple.fr/", "https://exemple.fr/l'ami/", "  url: 'https://exemple.fr/l''ami/'  # à revoir"),
        (
            "deux",
            "http://deux.exemple.fr/notes?x=1",
            "https://exemple.fr/notes,2",
            '  feeds: [http://deux.exemple.fr/feed,   "https://exemple.fr/notes,2"]',
        ),
        (
            "deux",
            "http://deux.exemple.fr/feed",
            "https://exemple.fr/a,b[1]",
            "  feeds: ['https://exemple.fr/a,b[1]',   \"http://deux.exemple.fr/notes?x=1\"]",
        ),
        ("un", "http://un.exemple.fr/feed", "https://un.exemple.fr/rss.xml", "    - https://un.exemple.fr/rss.xml  # complet"),
        ("un", "http://un.exemple.fr/feed", "https://un.exemple.fr/rss:", "    - 'https://un.exemple.fr/rss:'  # complet"),
        ("un", "http://un.exemple.fr/autre", "https://un.exemple.fr/autre", "      https://un.exemple.fr/autre"),
        ("un", "http://un.exemple.fr/", "https://un.exemple.fr/", "  url: https://un.exemple.fr/"),
    ],
)
def test_quotes_comments_and_layout_stay(source_id, old, new, line):
    text = moved(LIST, "sources.yaml", {source_id: [(old, new)]})
    before, after = LIST.split("\n"), text.split("\n")
    assert [theirs for ours, theirs in zip(before, after, strict=True) if ours != theirs] == [line]
    registry = parse_registry(text, "sources.yaml")
    source = registry.get(source_id)
    assert source is not None
    assert new in (source.url, *source.feeds)


def test_an_address_that_is_home_and_feed_at_once_moves_in_both_places():
    text = LIST.replace("http://un.exemple.fr/autre", "http://un.exemple.fr/")
    after = moved(text, "sources.yaml", {"un": [("http://un.exemple.fr/", "https://un.exemple.fr/")]})
    source = parse_registry(after, "sources.yaml").get("un")
    assert source is not None
    assert source.url == source.feeds[1] == "https://un.exemple.fr/"


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("# La", "\ufeff# La"), ("  id: un\n", "  id: un")])
def test_line_ends_marks_and_missing_ends_stay(change):
    text = LIST.replace(*change)
    moves = {"un": [("http://un.exemple.fr/", "https://un.exemple.fr/")]}
    after = moved(text, "sources.yaml", moves)
    assert after == text.replace("url: http://un.exemple.fr/\r", "url: https://un.exemple.fr/\r").replace(
        "  url: http://un.exemple.fr/\n", "  url: https://un.exemple.fr/\n"
    )
    assert applied(text, patch(text, "sources.yaml", moves)) == after


@pytest.mark.parametrize(
    ("source_id", "old"),
    [("un", "http://deux.exemple.fr/"), ("absent", "http://un.exemple.fr/"), ("un", "http://un.exemple.fr"), ("deux", "[physique]")],
)
def test_an_address_that_is_not_there_is_said_in_french(source_id, old):
    with pytest.raises(PatchError) as error:
        patch(LIST, "sources.yaml", {source_id: [(old, "https://exemple.fr/")]})
    assert error.value.message == f"L’adresse « {old} » n’est pas dans le bloc « {source_id} » : la liste a changé depuis la visite."


@pytest.mark.parametrize(
    "new",
    ["https://localhost/", "http://10.0.0.1/", "javascript:alert(1)", "https://exemple.fr/\n- id: x", "http://deux.exemple.fr/", "", '"'],
)
def test_a_new_address_that_the_list_may_not_hold_is_refused(new):
    with pytest.raises(PatchError) as error:
        patch(LIST, "sources.yaml", {"un": [("http://un.exemple.fr/", new)]})
    assert "sources.yaml" in error.value.message


def test_what_is_written_in_a_particular_way_is_left_to_the_curator():
    text = LIST.replace('"http://deux.exemple.fr/notes?x=1"', '"http://deux.exemple.fr/\\x6Eotes"')
    with pytest.raises(PatchError, match="à la main"):
        patch(text, "sources.yaml", {"deux": [("http://deux.exemple.fr/notes", "https://exemple.fr/")]})


def test_a_list_with_faults_is_not_patched():
    with pytest.raises(RegistryError):
        patch(LIST.replace("physique", "fisique"), "sources.yaml", {})


def test_nothing_to_move_is_no_patch():
    assert patch(LIST, "sources.yaml", {}) == ""


def test_one_bad_move_does_not_hold_back_the_others():
    good = ("http://un.exemple.fr/", "https://un.exemple.fr/")
    moves = {
        "deux": [("http://deux.exemple.fr/", "https://un.exemple.fr/x y")],
        "un": [good, ("http://parti.exemple.fr/", "https://x.fr/")],
    }
    kept, refused = accepted(LIST, "sources.yaml", moves)
    assert kept == {"un": [good]}
    assert len(refused) == 2
    assert refused[0].startswith("[deux] http://deux.exemple.fr/ → https://un.exemple.fr/x y : La liste corrigée aurait une faute")


def test_the_real_list_can_be_patched_anywhere():
    text = (ROOT / "sources.yaml").read_bytes().decode()
    registry = parse_registry(text, "sources.yaml")
    moves = {source.id: [(url, f"{url}#".replace("#", "x9")) for url in {source.url, *source.feeds}] for source in registry}
    after = moved(text, "sources.yaml", moves)
    assert applied(text, patch(text, "sources.yaml", moves)) == after
    for source in parse_registry(after, "sources.yaml"):
        before = registry.get(source.id)
        assert before is not None
        assert source.url == f"{before.url}x9"
        assert source.feeds == tuple(f"{feed}x9" for feed in before.feeds)
    assert after.count("x9") == sum(len({source.url, *source.feeds}) for source in registry)


paths = st.text("abcxyz0123456789-._~/%?=&+@!$*;(),:[]'", max_size=20)
styles = st.sampled_from(["{}", '"{}"', "'{}'", ">-\n      {}", "|-\n      {}"])
comments = st.sampled_from(["", "  # à revoir « 𝄞 »", "   "])


@given(paths, styles, styles, comments, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from(["url", "feeds"]))
def test_applying_the_patch_gives_exactly_the_new_list(path, home, feed, comment, end, last_end, key):
    """Whatever the writing of the old address and the letters of the new one: one scalar differs, and its value is the new address."""
    first, second = (style.format(url) for style, url in ((home, "http://un.exemple.fr/"), (feed, "http://un.exemple.fr/feed")))
    if "\n" in first or "\n" in second:
        comment = ""
    text = f"sources:\n- id: un\n  name: é𝄞\n  url: {first}{comment}\n  feeds:\n    - {second}{comment}\n  disciplines: [physique]"
    text = (text + "\n" if last_end else text).replace("\n", end)
    old = "http://un.exemple.fr/" if key == "url" else "http://un.exemple.fr/feed"
    new = f"https://deux.exemple.fr/{path}"
    moves = {"un": [(old, new)]}
    kept, refused = accepted(text, "sources.yaml", moves)
    if refused:
        assert "aurait une faute" in refused[0], "an address may only be refused by the check of the list"
        return
    after = moved(text, "sources.yaml", kept)
    assert applied(text, patch(text, "sources.yaml", moves)) == after
    expected = yaml.safe_load(text)["sources"][0]
    if key == "url":
        expected["url"] = new
    else:
        expected["feeds"] = [new]
    found = yaml.safe_load(after)["sources"][0]
    assert {**found, "url": found["url"].strip(), "feeds": [one.strip() for one in found["feeds"]]} == {
        **expected,
        "url": expected["url"].strip(),
        "feeds": [one.strip() for one in expected["feeds"]],
    }
    assert len(after) - len(text) <= len(new) - len(old) + 2 + new.count("'")


# -- the command ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(LIST, encoding="utf-8")
    return tmp_path


def remember(house: Path, *rows: tuple[str, str, str, int]) -> None:
    """What the crawler would have kept of the moves that it saw."""
    database = Database(house / "data" / "luciole.db")
    try:
        prepare(database)
        for row in rows:
            database.execute("INSERT INTO move VALUES (?, ?, ?, ?, '2026-11-22T02:00:00.000+00:00')", *row)
    finally:
        database.close()


def sources_patch(house: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("LUCIOLE_")}
    return subprocess.run(
        [sys.executable, "-m", "luciole.cli", "sources", "patch", *arguments],
        cwd=house,
        env=bare | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_nothing_to_propose(house):
    done = sources_patch(house)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "Aucun déménagement à reporter dans la liste.\n")
    assert not (house / "data").exists()
    remember(
        house,
        ("un", "http://un.exemple.fr/", "https://un.exemple.fr/", 2),  # not believed yet
        ("un", "http://ancien.exemple.fr/", "https://un.exemple.fr/", 9),  # taken up already
        ("absent", "http://absent.exemple.fr/", "https://absent.exemple.fr/", 9),
    )
    done = sources_patch(house)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "Aucun déménagement à reporter dans la liste.\n")


def test_moves_are_printed_and_applied_by_hand_only(house):
    remember(
        house,
        ("un", "http://un.exemple.fr/feed", "https://un.exemple.fr/feed", 3),
        ("deux", "http://deux.exemple.fr/", "https://10.0.0.1/", 4),
    )
    done = sources_patch(house)
    assert done.returncode == 0
    assert (house / "sources.yaml").read_text(encoding="utf-8") == LIST
    assert "[deux] http://deux.exemple.fr/ → https://10.0.0.1/" in done.stderr
    assert "1 adresse à changer ; rien n’a été écrit." in done.stderr
    assert "patch -p0 < demenagements.patch" in done.stderr
    expected = LIST.replace("- http://un.exemple.fr/feed", "- https://un.exemple.fr/feed")
    assert applied(LIST, done.stdout) == expected
    if (tool := shutil.which("patch")) is not None:
        subprocess.run(
            [tool, "-p0"], cwd=house, input=done.stdout, text=True, encoding="utf-8", check=True, timeout=60, capture_output=True
        )
        assert (house / "sources.yaml").read_text(encoding="utf-8") == expected
        assert sources_patch(house).stderr.endswith("Aucun déménagement à reporter dans la liste.\n")


def test_a_list_elsewhere_and_its_patterns(house):
    text = LIST.replace("  name: Un\n", "  name: Un\n  exclude: [un.exemple.fr/agenda/*]\n")
    (house / "sources.yaml").write_text(text, encoding="utf-8")
    remember(house, ("un", "http://un.exemple.fr/", "https://exemple.fr/un/", 3))
    where = str(house / "sources.yaml")
    done = sources_patch(house, "--sources", where)
    assert done.returncode == 0
    assert f"patch {where} < demenagements.patch" in done.stderr
    assert "[un] ce bloc a des motifs" in done.stderr
    assert applied(text, done.stdout) == text.replace("url: http://un.exemple.fr/\n  name: Un", "url: https://exemple.fr/un/\n  name: Un")


def test_a_list_with_faults_is_said_as_everywhere(house):
    (house / "sources.yaml").write_text(LIST.replace("physique", "fisique"), encoding="utf-8")
    done = sources_patch(house)
    assert done.returncode == 2
    assert "fisique" in done.stderr
    assert done.stdout == ""
