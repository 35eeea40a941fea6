"""HTML into plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.plain import TITLE_LENGTH, one_line, plain_text


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>Un <b>mot</b></p><p>et\n  deux</p>", "Un mot\net deux"),
        ("Un<br>deux<br/>trois", "Un\ndeux\ntrois"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ("<pre>def f():\n    return 1</pre>", "def f():\nreturn 1"),
        ("a<script>alert(1)</script><style>p{}</style><!-- non -->b", "ab"),
        ("<svg onload=alert(1)><text>x</text></svg>b", "b"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("sans balise &eacute;", "sans balise é"),
        ("Soit $a_1 < b$ et $$x$$.", "Soit $a_1 < b$ et $$x$$."),
        ("<script type='math/tex'>x^2</script> et <img class='latex' alt='\\pi'>", "$x^2$ et $\\pi$"),
        ("<span class='katex'><span class='katex-html'>x2</span></span>y", "y"),
        ("mot\u00adcoupé\x00 \u202einversé", "motcoupé inversé"),
        ("<?xml version='1.0' encoding='latin-1'?><p>é</p>", "é"),
        ("", ""),
    ],
)
def test_bodies(fragment: str, text: str) -> None:
    assert plain_text(fragment) == text


@given(st.text(alphabet=st.sampled_from("<>/&;#\x00\u202e abpré\"'=!-"), max_size=80) | st.text(max_size=80))
def test_any_text_comes_out_visible_and_bounded(text: str) -> None:
    for out in (one_line(text), plain_text(text)):
        assert not set(out) & set("\x00\x0b\u202e\ufeff\u200b")
        out.encode("utf-8")
    assert len(one_line(text * 20)) <= TITLE_LENGTH
    assert "\n" not in one_line(text)


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("x < y et y > z", "x < y et y > z"),
        ("J’<3 les maths", "J’<3 les maths"),
        ("Un<br>deux", "Un deux"),
        ("<b>Gr</b>as", "Gras"),
        ("De l’inutilité de <dl>", "De l’inutilité de <dl>"),
        ("<dl class=x>a", "a"),
        ("<script>a</script>b", "b"),
    ],
)
def test_titles(title: str, line: str) -> None:
    assert one_line(title) == line
