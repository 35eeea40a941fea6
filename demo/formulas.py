"""Formulas between dollars, kept as they are written.

Owns one rule of Markdown: the inside of `$…$` and `$$…$$` is TeX, in which underscores, asterisks and backslashes are not Markdown's.
Refuses to typeset: blogs leave that to a script in the reader's browser, and so do these.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

# As in Pandoc: no space just inside the dollars, no digit just after them, so that "5 $ et 6 $" is money.
_FORMULA = re.compile(r"\$\$(?!\s).+?(?<!\s)\$\$|\$(?![\s$])(?:\\.|[^\\$])*?(?<!\s)\$(?!\d)", re.DOTALL)


def keep_math(markdown: MarkdownIt) -> None:
    """A plugin for `MarkdownIt.use`: formulas reach the HTML unchanged, dollars included, and escaped."""
    markdown.inline.ruler.before("escape", "math", _formula)
    markdown.add_render_rule("math", _render)


def _formula(state: StateInline, silent: bool) -> bool:
    match = _FORMULA.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("math", "", 0).content = match[0]
    state.pos = match.end()
    return True


def _render(self: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return escapeHtml(tokens[index].content)
