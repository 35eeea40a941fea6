"""The proof that words can be read: it must fail where they cannot, and where nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.api.browsing import barriers, endless
from tests.api.contrast import ANYTHING, Range, enough, luminance, unreadable, worst_contrast

BLACK, WHITE, GREY = (0.0, 0.0, 0.0, 1.0), (255.0, 255.0, 255.0, 1.0), (118.0, 118.0, 118.0, 1.0)
CHANNELS = st.floats(0, 255)
COLOURS = st.tuples(CHANNELS, CHANNELS, CHANNELS, st.floats(0, 1))


def test_ratios_are_those_of_wcag() -> None:
    paper = ANYTHING.under([WHITE], everywhere=True)
    assert worst_contrast(BLACK, paper) == pytest.approx(21)
    assert worst_contrast(GREY, paper) == pytest.approx(4.54, abs=0.005)
    assert worst_contrast((0, 0, 0, 0.5), paper) == pytest.approx(3.98, abs=0.03)
    assert worst_contrast(BLACK, ANYTHING) == worst_contrast(GREY, paper.under([BLACK], everywhere=False)) == 1


def test_large_letters_need_less() -> None:
    assert [enough(*one) for one in ((23.9, 400), (24, 400), (18.5, 700), (18.7, 700), (18.7, 650))] == [4.5, 3.0, 4.5, 3.0, 4.5]


@given(COLOURS, st.lists(COLOURS, min_size=1, max_size=4), CHANNELS, st.floats(0, 1), st.booleans())
def test_no_blend_is_outside(below: tuple[float, ...], stops: list[tuple[float, ...]], text: float, at: float, everywhere: bool) -> None:
    start = Range(below[:3], below[:3])  # type: ignore[arg-type]
    made = start.under(stops, everywhere=everywhere)  # type: ignore[arg-type]
    one, other = stops[0], stops[-1]
    alpha = one[3] * (1 - at) + other[3] * at  # blended as browsers do, each colour weighed with its alpha
    seen = [one[n] * one[3] * (1 - at) + other[n] * other[3] * at + below[n] * (1 - alpha) for n in range(3)]
    assert all(low - 1e-6 <= channel <= high + 1e-6 for low, channel, high in zip(made.low, seen, made.high, strict=True))
    lights = sorted((luminance((text, text, text)), luminance(seen)))
    assert worst_contrast((text, text, text, 1), made) <= (lights[1] + 0.05) / (lights[0] + 0.05) + 1e-6


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


def shown(page: Page, style: str, body: str) -> None:
    page.set_content(
        "<!doctype html><html lang=fr><title>Essai</title><style>body{background:#fff;color:#000;margin:0}main{padding:9px}"
        f"svg{{display:block}}{style}</style><main><h1>Un essai</h1>{body}</main>"
    )


@pytest.mark.browser
@pytest.mark.parametrize(
    ("style", "body", "readable"),
    [
        ("main{background:linear-gradient(#fff,#eee)}", "<p id=x>mots</p>", True),
        ("main{background:linear-gradient(#fff,#888)} #x{color:#555}", "<p id=x>mots</p>", False),
        ("main{background:linear-gradient(#fff,#888)} #x{color:#333;font-size:24px}", "<p id=x>mots</p>", True),
        # The lower layer shines through, or is there where the upper one ends.
        ("body{background:#777} main{background:linear-gradient(#fff1,#eee1)} #x{color:#555}", "<p id=x>mots</p>", False),
        ("body{background:#000} main{background:linear-gradient(#fff,#eee) 0 0/50% 100% no-repeat}", "<p id=x>mots</p>", False),
        (
            "#x{position:relative;left:50%} main{overflow:hidden} div{width:40%;background:linear-gradient(#000,#000)}",
            "<div><p id=x>mots</p></div>",
            False,
        ),
        # What it does not understand is no pass.
        ("main{background:url(data:image/png;base64,AAAA)}", "<p id=x>mots</p>", False),
        ("main{opacity:.9}", "<p id=x>mots</p>", False),
        ("#x{opacity:.3}", "<p id=x>mots</p>", False),
        ("main{filter:blur(1px)}", "<p id=x>mots</p>", False),
        ("main{background:linear-gradient(in oklch,red,blue)} #x{color:#fff}", "<p id=x>mots</p>", False),
        # In a picture: what is drawn under the words counts, what is drawn beside them does not.
        ("", "<svg width=200 height=90><rect width=9 height=9 /><text id=x x=50 y=50>mots</text></svg>", True),
        ("", "<svg width=200 height=90><rect width=99 height=99 fill=#333 /><text id=x x=50 y=50>mots</text></svg>", False),
        ("", "<svg width=200 height=90><text id=x x=50 y=50 fill=#bbb>mots</text></svg>", False),
        # A list that lies half across other words: neither changes how the other is read, as long as it is solid.
        ("b{position:absolute;inset:40px 0 0;background:#222;color:#fff}", "<p id=x>mots</p><b>autres</b>", True),
        ("b{position:absolute;inset:0;background:#222;color:#fff}", "<p>mots</p><b id=x>autres</b>", True),
        ("p{background:#fff} b{position:absolute;inset:0;background:#2228;color:#fff}", "<p>mots</p><b id=x>autres</b>", False),
        (
            "p{margin-top:2000px} b{position:absolute;left:0;right:0;height:20px;margin-top:-15px;background:#222}",
            "<p id=x>mots</p><b></b>",
            True,
        ),
        (
            "svg{background:#fff} b{position:absolute;inset:0;background:#222;color:#fff}",
            "<svg width=200 height=90><path d='M0 0L99 0 0 99' /></svg><b id=x>autres</b>",
            True,
        ),
        # Scrolled out of a list of its own, above dark words.
        (
            "body{background:#222} div{height:50px;overflow:auto;background:#fff} i{display:block;height:400px} h1{color:#fff}",
            "<div><i></i><p id=x>mots</p></div>",
            True,
        ),
        # A neighbour laid over, a pseudo-element laid under.
        ("b{position:absolute;inset:0;background:#222d}", "<p id=x>mots</p><b></b>", False),
        ("p{position:relative} b{position:absolute;inset:0;background:#222}", "<b></b><p id=x>mots</p>", False),
        ("p{position:relative} p::before{content:'';position:absolute;inset:0;z-index:-1;background:#222}", "<p id=x>mots</p>", False),
    ],
)
def test_what_lies_behind_words_is_found(page: Page, style: str, body: str, readable: bool) -> None:
    shown(page, style, body)
    faults = unreadable(page, ["#x"])
    assert (faults == []) is readable, faults
    assert all(fault.startswith("#x: ") for fault in faults)


@pytest.mark.browser
def test_what_axe_leaves_open_is_a_barrier_until_it_is_proven(page: Page) -> None:
    shown(page, "main{background:linear-gradient(#fff,#eee)}", "<p id=x>mots</p>")
    assert barriers(page, "proven") == []
    shown(page, "main{background:linear-gradient(#fff,#999)} #x{color:#666}", "<p id=x>mots</p>")
    faults = barriers(page, "open")
    assert len(faults) == 4
    assert all(": #x: contrast 1." in fault or ": #x: contrast 2." in fault for fault in faults)


@pytest.mark.browser
def test_what_moves_without_end_is_found(page: Page) -> None:
    turn = "@keyframes tourne{to{rotate:90deg}} "
    for style, told in (
        ("#x{animation:tourne 4s}", []),
        ("#x{animation:tourne 2s 1s 2}", []),
        ("#x{animation:tourne 2s 2s 2}", ["p tourne"]),
        ("#x{animation:tourne 1s infinite}", ["p tourne"]),
        ("#x::after{content:'';animation:tourne 6s}", ["p::after tourne"]),
        ("#x{animation:tourne 6s paused}", []),
    ):
        shown(page, turn + style, "<p id=x>mots</p>")
        assert endless(page) == told, style
    shown(page, "", "<svg width=9 height=9><circle r=3><animate attributeName=r to=9 dur=1s /></circle></svg>")
    assert endless(page) == ["animate"]
