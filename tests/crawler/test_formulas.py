"""Formulas: in text between TeX's delimiters, and as pages show them."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.formulas import with_formulas_marked
from crawler.plain import plain_text
from luciole.marks import spans, unmarked
from tests.crawler.shown import shown


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("Soit $x^2$ et $y$.", ["$x^2$", "$y$"]),
        ("le $n$ième terme, pgcd$(a,b)$, DL$_n$", ["$n$", "$(a,b)$", "$_n$"]),
        ("$$\\int_0^1 f$$ et \\(a\\) puis \\[b\n= c\\]", ["$$\\int_0^1 f$$", "\\(a\\)", "\\[b\n= c\\]"]),
        ("\\begin{align*} a &= b \\\\ c &= d \\end{align*}", ["\\begin{align*} a &= b \\\\ c &= d \\end{align*}"]),
        ("on a $ 100 \\log_{10} (2)$ chiffres", ["$ 100 \\log_{10} (2)$"]),
        ("$latex e^{i\\pi}$", ["$latex e^{i\\pi}$"]),
        ("$f(x) = 0 \\text{ si x est rationnel et nul}$", ["$f(x) = 0 \\text{ si x est rationnel et nul}$"]),
        ("coûte $5 et vaut $x^2$", ["$x^2$"]),
        # Money, shells and names.
        ("5 $ et 10 $", []),
        ("5$ et 10$, soit 15$ canadiens", []),
        ("$5 et $10", []),
        ("entre $5 et 10$ par an", []),
        ("de $5 à 10$", []),
        ("US$5/$10, A$AP et Ke$ha", []),
        ("echo $HOME/$USER et $i<$n", []),
        ("le prix \\$5 et \\$6", []),
        ("$$$ et $$", []),
        ("le dollar ($) et l’euro ($)", []),
        ("il a payé $12 pour une part de gâteau et encore $3 de café = $15", []),
    ],
)
def test_delimiters(text: str, formulas: list[str]) -> None:
    marked = with_formulas_marked(text)
    assert [piece for _, piece in shown(marked)] == formulas
    assert unmarked(marked) == text


MATHML = "<math><mi>x</mi><mo>=</mo><mn>2</mn></math>"
ANNOTATED = f'<math><semantics>{MATHML}<annotation encoding="application/x-tex">x=2</annotation></semantics></math>'
KATEX = f"<span class='katex'><span class='katex-mathml'>{ANNOTATED}</span><span class='katex-html'>x=2 dessiné</span></span>"
MATHJAX = (
    "<span class='MathJax_Preview'>x=2 aperçu</span><span class='MathJax'><nobr>x=2 dessiné</nobr></span>"
    "<script type='math/tex' id='MathJax-Element-1'>x=2</script>"
)


@pytest.mark.parametrize(
    ("fragment", "formula"),
    [
        (MATHML, "x = 2"),
        ('<math alttext="x=2"><mi>x</mi></math>', "$x=2$"),
        (ANNOTATED, "$x=2$"),
        (KATEX, "$x=2$"),
        (MATHJAX, "$x=2$"),
        ("<script type='math/tex; mode=display'>% <![CDATA[\nx=2 %]]></script>", "$x=2$"),
        (f"<mjx-container><svg></svg><mjx-assistive-mml>{MATHML}</mjx-assistive-mml></mjx-container>", "x = 2"),
        ('<img class="latex" src="https://s0.wp.com/latex.php?latex=x%3D2" alt="x=2">', "$x=2$"),
        ('<img src="https://latex.codecogs.com/gif.latex?x%3D2">', "$x=2$"),
        ('<img src="https://chart.googleapis.com/chart?cht=tx&chl=x%3D2">', "$x=2$"),
        ('<img src="eq1.png" alt="\\frac{x}{2}">', "$\\frac{x}{2}$"),
        ('<img src="eq1.png" alt="$x=2$">', "$x=2$"),
        ('<span class="mwe-math-element"><math alttext="{\\displaystyle x=2}"></math><img alt="{\\displaystyle x=2}"></span>', "$x=2$"),
        ('<span class="math inline">\\(x=2\\)</span>', "\\(x=2\\)"),
        ("<code class='language-math'>x=2</code>", "$x=2$"),
    ],
)
def test_elements_tell_their_formula_once(fragment: str, formula: str) -> None:
    text = plain_text(f"<p>Or {fragment} donc</p>")
    assert shown(text) == [("formula", formula)]
    assert " ".join(unmarked(text).split()) == f"Or {formula} donc"


def test_other_pictures_are_none() -> None:
    assert plain_text('<p>a<img src="mer.jpg" alt="La mer à $5 ou 10$ la plage">b</p>') == "ab"


@pytest.mark.parametrize(
    "piece", ["$", "$a ", "$$", "\\(", "\\[", "\\begin{align}", "$\\", "$x ", "<math>", "<code>", "<pre><code>a", "\\)"]
)
def test_what_is_never_closed_is_read_in_time(piece: str) -> None:
    started = time.process_time()
    plain_text("<p>a</p>" + piece * (100_000 // len(piece)))
    assert time.process_time() - started < 5


@given(st.text(alphabet=st.sampled_from("ab1 $\\()[]{}^_=\n\ue000\ue001\ue002\ue003"), max_size=120))
def test_marks_are_balanced_whatever_comes(text: str) -> None:
    marked = plain_text(text)
    found = spans(marked)
    assert len(marked) == len(unmarked(marked)) + 2 * len(found)
    assert all(one.end <= other.start for one, other in pairwise(found))
