"""Formulas on the pages of blogs: which elements show one, and what is written between dollars.

Owns the forms in which formulas reach us: MathML, the scripts and the drawn spans of MathJax and KaTeX, pictures with the formula in their
alternative text or address, and TeX between `$…$`, `$$…$$`, `\\(…\\)`, `\\[…\\]` or `\\begin…\\end`. A formula is told once, in TeX where
there is any; its drawn twin is nobody's. It refuses to know where the text goes.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from luciole.marks import marked, neutral

_DRAWN: Final = frozenset({"katex-html", "MathJax_Preview", "MJX_Assistive_MathML"})
"""Classes of what stands beside a formula that is told already."""

_RENDERED: Final = frozenset({"MathJax", "MathJax_Display", "MathJax_SVG", "MathJax_SVG_Display", "MathJax_CHTML", "MJXc-display"})
_WHOLE: Final = frozenset({"katex", "katex-display", "mwe-math-element"})
"""Classes of an element that holds a formula twice: readable and drawn."""

_PICTURES: Final = re.compile(
    r"latex\.codecogs\.com|//chart\.(googleapis|apis\.google)\.com|/latex\.php|mimetex|mathtex|tex2png|/cgi-bin/latex|/math/render/", re.I
)
_CDATA: Final = re.compile(r"\A\s*%?\s*<!\[CDATA\[|%?\s*\]\]>\s*\Z")
_DISPLAYSTYLE: Final = re.compile(r"\A\{\\(?:display|text)style\s*(?P<tex>.*)\}\Z", re.DOTALL)
_DELIMITED: Final = re.compile(r"\A(\$.*\$|\\\(.*\\\)|\\\[.*\\\]|\\begin\{.*\})\Z", re.DOTALL)

_ENVIRONMENTS: Final = "equation|align|gather|multline|eqnarray|displaymath|math|alignat|flalign"
_SIGNS: Final = "\ue000-\ue003"
# Every alternative ends at the next opening of its kind: hostile texts hold thousands of openings that nobody closes.
_TEX: Final = re.compile(
    rf"(?<![\\$])\$\$(?P<display>(?:\\[^{_SIGNS}]|[^\\${_SIGNS}]){{1,3000}})\$\$"
    rf"|(?<![\d\\$])\$(?!\$)(?P<inline>(?:\\[^\n{_SIGNS}]|[^\\$\n{_SIGNS}]){{1,1000}})\$(?![$\d])"
    rf"|(?<!\\)\\\((?P<round>(?:(?!\\[()])[^\n{_SIGNS}]){{1,2000}})\\\)"
    rf"|(?<!\\)\\\[(?P<square>(?:(?!\\[\[\]])[^{_SIGNS}]){{1,3000}})\\\]"
    rf"|\\begin\{{(?P<name>(?:{_ENVIRONMENTS})\*?)\}}(?P<body>(?:(?!\\begin\{{(?:{_ENVIRONMENTS}))[^{_SIGNS}]){{1,3000}}?)\\end\{{(?P=name)\}}"
)
_MARKED: Final = re.compile("(\ue000[^\ue000-\ue003]*\ue001|\ue002[^\ue000-\ue003]*\ue003)")
_NAMED: Final = re.compile(r"\\(?:text|textrm|textit|mbox|mathrm|mathit|mathsf|operatorname\*?)\s*\{[^{}]*\}|\\[A-Za-z]+")
_COMMAND: Final = re.compile(r"\\[A-Za-z]|[\^_]")
_WORD: Final = re.compile(r"[A-Za-zÀ-ÿ]{2,}|[À-ÖØ-öø-ÿ]")
_LONG_WORD: Final = re.compile(r"[A-Za-zÀ-ÿ]{3,}")
_TEX_SIGNS: Final = re.compile(r"[\\^_{}=<>+*/|≤≥≠≈∈∉⊂∞∑∏∫√×·±→↦⇒∀∃-]")


def formula_of(element: HtmlElement) -> str | None:
    """The formula that an element shows, in TeX between dollars where its TeX is known; "" for a drawn twin of one that is told elsewhere;
    None for an element that is no formula."""
    name = element.tag
    if name == "math":
        return _mathml(element)
    if name == "img":
        return _picture(element)
    if name == "script":
        kind = (element.get("type") or "").strip().lower()
        return _dollars(_CDATA.sub("", element.text or "")) if kind.startswith(("math/tex", "math/latex")) else None
    if name == "mjx-container":
        math = next(element.iter("math"), None)
        return _mathml(math) if math is not None else " ".join((element.get("aria-label") or "").split())
    if name not in ("span", "div", "nobr", "code", "pre"):
        return None
    classes = set((element.get("class") or "").split())
    if not classes:
        return None
    if name in ("code", "pre"):
        return _dollars("".join(element.itertext())) if {"language-math", "math", "js-render-math"} & classes else None
    if _WHOLE & classes:
        math = next(element.iter("math"), None)
        told = _mathml(math) if math is not None else ""
        return told or " ".join("".join(element.itertext()).split())
    if _RENDERED & classes:
        return "" if _told_by_script(element) else _assistive(element)
    return "" if _DRAWN & classes else None


def with_formulas_marked(text: str) -> str:
    """`text` with the formulas written between TeX's delimiters enclosed by `luciole.marks`. What is enclosed already stays as it is.

    Dollars are believed by pandoc's rule (nothing blank inside them but TeX, no digit behind) and when what they hold reads like a formula:
    « 5 $ et 10 $ » and « $5 ou 10$ » are money.
    """
    if "$" not in text and "\\" not in text:
        return text
    return "".join(piece if at % 2 else _marked(piece) for at, piece in enumerate(_MARKED.split(text)))


def _marked(text: str) -> str:
    pieces: list[str] = []
    place = start = 0
    while match := _TEX.search(text, place):
        if _is_formula(match, text):
            pieces += text[start : match.start()], marked("formula", match[0])
            place = start = match.end()
        else:
            place = match.start() + 1
    return "".join([*pieces, text[start:]])


def _is_formula(match: re.Match[str], text: str) -> bool:
    content = next(match[name] for name in ("display", "inline", "round", "square", "body") if match[name] is not None)
    if match["body"] is not None:
        return True
    if match["inline"] is not None and not _holds_together(content, text[match.start() - 1 : match.start()], text[match.end() :][:1]):
        return False
    content = content.removeprefix("latex ").strip()
    bare = _NAMED.sub(" ", content)
    if len(_LONG_WORD.findall(bare)) >= 3 + content.count("\\"):
        return False
    if _TEX_SIGNS.search(content):
        return True
    if not any(map(str.isalnum, content)):
        return False
    return len(content.split()) == 1 or not _WORD.search(bare)


def _holds_together(content: str, before: str, behind: str) -> bool:
    """Whether two dollars on a line belong together, by what stands around and just inside them."""
    if before.isalpha() and content[0] not in "(_^\\":  # pgcd$(a,b)$, but no Ke$ha
        return False
    if behind.isalpha() and (" " in content or not (content[-1].isalnum() or content[-1] in "})]|'")):
        return False  # variables of a shell ($HOME/$USER) and sums; but $n$ième
    if not (content[0].isspace() or content[-1].isspace()):
        return True
    return bool(_COMMAND.search(content)) and not _WORD.search(_NAMED.sub(" ", content))


def _mathml(element: HtmlElement) -> str:
    """The TeX that MathML carries in `alttext` or an annotation, else its characters."""
    if alternative := (element.get("alttext") or "").strip():
        return _dollars(alternative)
    for annotation in element.iter("annotation"):
        if "tex" in (annotation.get("encoding") or "").lower() and (tex := _dollars("".join(annotation.itertext()))):
            return tex
    pieces: list[str] = []
    silent = 0
    for event, child in etree.iterwalk(element, events=("start", "end")):
        annotates = child.tag in ("annotation", "annotation-xml")
        if event == "start":
            silent += annotates
            pieces.append((child.text or "") if not silent else "")
        else:
            silent -= annotates
            pieces.append((child.tail or "") if not silent and child is not element else "")
    return " ".join(" ".join(pieces).split())


def _picture(element: HtmlElement) -> str | None:
    """The formula of a picture: from its alternative text, else from its address; None for any other picture."""
    alternative, source = (element.get("alt") or "").strip(), (element.get("src") or "").strip()
    classes = {name.lower() for name in (element.get("class") or "").split()}
    if {"latex", "tex", "mwe-math-fallback-image-inline", "mwe-math-fallback-image-display"} & classes:
        return _dollars(alternative)
    if alternative.startswith(("\\", "{\\")) or _marked(alternative).startswith("\ue000"):
        return _dollars(alternative)
    if not _PICTURES.search(source):
        return None
    if alternative:
        return _dollars(alternative)
    try:
        query = urlsplit(source).query
        asked = parse_qs(query)
    except ValueError:
        return None
    return _dollars(next((asked[name][0] for name in ("latex", "chl", "tex", "formula") if name in asked), unquote(query)))


def _told_by_script(element: HtmlElement) -> bool:
    """Whether MathJax left the TeX in a script behind what it drew."""
    for place in (element, element.getparent()):
        if place is None:
            return False
        following = place.getnext()
        if following is not None and following.tag == "script" and "math/" in (following.get("type") or ""):
            return True
    return False


def _assistive(element: HtmlElement) -> str:
    math = next(element.iter("math"), None)
    return _mathml(math) if math is not None else " ".join("".join(element.itertext()).split())


def _dollars(tex: str) -> str:
    """TeX between dollars, on one line; as it is when it has its delimiters already."""
    tex = " ".join(neutral(tex).split())
    if styled := _DISPLAYSTYLE.match(tex):
        tex = styled["tex"].strip()
    return tex if not tex or _DELIMITED.match(tex) else f"${tex}$"
