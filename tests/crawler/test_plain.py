"""HTML into plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.plain import TITLE_LENGTH, one_line, plain_text, tidy
from luciole.marks import unmarked
from tests.crawler.shown import shown


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>Un <b>mot</b></p><p>et\n  deux</p>", "Un mot\net deux"),
        ("Un<br>deux<br/>trois", "Un\ndeux\ntrois"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ("a<pre>def f():\n    return 1</pre>b", "a\ndef f():\nreturn 1\nb"),
        ("a<script>alert(1)</script><style>p{}</style><!-- non -->b", "ab"),
        ("<svg onload=alert(1)><text>x</text></svg>b", "b"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("sans balise &eacute;", "sans balise é"),
        ("Soit $a_1 < b$ et $$x$$.", "Soit $a_1 < b$ et $$x$$."),
        ("<script type='math/tex'>x^2</script> et <img class='latex' alt='\\pi'>", "$x^2$ et $\\pi$"),
        ("<span class='katex'><span class='katex-html'>x2</span></span>y", "x2y"),
        ("a&#xe000;b&#57345; \ue002c", "ab c"),
        ("sans balise &#xe000;x", "sans balise x"),
        ("mot\u00adcoupé\x00 \u202einversé", "motcoupé inversé"),
        ("<?xml version='1.0' encoding='latin-1'?><p>é</p>", "é"),
        ("", ""),
    ],
)
def test_bodies(fragment: str, text: str) -> None:
    assert unmarked(plain_text(fragment)) == text


@pytest.mark.parametrize(
    ("fragment", "spans"),
    [
        ("<p>La fonction <code>f(x)</code> rend <code>x</code>.</p>", [("code", "f(x)"), ("code", "x")]),
        ("<pre><code><span class='k'>def</span> f():<br>  return 1</code></pre>", [("code", "def f():\nreturn 1")]),
        # Line numbers are no code: Pygments, Hugo, Rouge and GeSHi each in their own table.
        (
            "<table class='highlighttable'><tr><td class='linenos'><div class='linenodiv'><pre>1\n2</pre></div></td>"
            "<td class='code'><div class='highlight'><pre>a = 1\nb = 2</pre></div></td></tr></table>",
            [("code", "a = 1\nb = 2")],
        ),
        (
            "<table class='lntable'><tr><td class='lntd'><pre><code><span class='lnt'>1\n</span></code></pre></td>"
            "<td class='lntd'><pre><code>a = 1</code></pre></td></tr></table>",
            [("code", "a = 1")],
        ),
        (
            "<pre class='highlight'><code><table><tr><td class='gutter gl'><pre class='lineno'>1\n</pre></td>"
            "<td><pre>a = 1</pre></td></tr></table></code></pre>",
            [("code", "a = 1")],
        ),
        ("<pre>1\n2\n3</pre>", [("code", "1\n2\n3")]),
        ("<p>Le prix est <code>$5</code> ou $x^2$</p>", [("code", "$5"), ("formula", "$x^2$")]),
        ("<pre> </pre><code></code>", []),
    ],
)
def test_code_and_formulas_are_marked(fragment: str, spans: list[tuple[str, str]]) -> None:
    assert shown(plain_text(fragment)) == spans


@given(st.text(alphabet=st.sampled_from("<>/&;#\ue000\ue003\x00\u202e abpré\"'=!-"), max_size=80) | st.text(max_size=80))
def test_any_text_comes_out_visible_and_bounded(text: str) -> None:
    for out in (one_line(text), tidy(text), unmarked(plain_text(text))):
        assert not set(out) & set("\x00\x0b\u202e\ufeff\u200b\ue000\ue001\ue002\ue003")
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
