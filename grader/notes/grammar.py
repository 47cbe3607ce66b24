"""The Markdown that is understood, and how its parts are written as HTML before that is cleaned."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar
from mdit_py_plugins.gfm import gfm_plugin

from grader.notes.callout import callouts
from grader.notes.clean import is_remote
from grader.notes.tags import is_word
from grader.notes.wikilink import wikilinks

MATH = {"math_inline": False, "math_inline_double": True, "math_block": True, "amsmath": True}
"""The kinds of formula, and whether each stands on a line of its own."""


@cache
def parser() -> MarkdownIt:
    """CommonMark with GitHub's tables, tasks, alerts and footnotes, formulas and admonitions."""
    made = (
        MarkdownIt("commonmark")
        .use(wikilinks)
        .use(gfm_plugin, front_matter=True)
        .use(dollarmath_plugin, allow_space=False, allow_digits=False, allow_labels=False)
        .use(amsmath_plugin)
        .use(admon_plugin)
        .use(callouts)
    )
    made.add_render_rule("image", _image)
    made.add_render_rule("fence", _code)
    made.add_render_rule("code_block", _code)
    made.add_render_rule("html_inline", _tag)
    made.add_render_rule("alert_open", _alert)
    made.add_render_rule("alert_title_open", _alert_title)
    made.inline.ruler.at("math_inline", _formula)
    for kind in MATH:
        made.add_render_rule(kind, _math)
    return made


def _formula(state: StateInline, silent: bool) -> bool:
    """A formula between dollars, unless a piece of code begins between them."""
    start = state.pos
    found = _between_dollars(state, True) and "`" not in state.src[start : state.pos]
    state.pos = start
    return found and _between_dollars(state, silent)


_between_dollars = math_inline_dollar(allow_space=False, allow_digits=False)


def _math(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    display = MATH[tokens[n].type]
    held: str = env["formulas"].hold(tokens[n].content, display)
    return f"<div>{held}</div>\n" if display else held


def _image(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    """An image of the learner's own; one on another host becomes a link, so nothing is loaded."""
    address = str(tokens[n].attrs.get("src", ""))
    alt = self.renderInlineAsText(tokens[n].children or [], options, env)
    if is_remote(address) and not address.startswith("data:"):
        return f'<a href="{escape(address)}">{escape(alt or address)}</a>'
    return f'<img src="{escape(address)}" alt="{escape(alt)}">'


def _tag(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    tag = tokens[n].content
    return escape(tag) if is_word(tag) else tag


def _alert(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    kind = str(tokens[n].attrs.get("class", "")).rpartition("-")[2]
    return f'<div class="admonition {_ALERTS.get(kind, kind)}">\n'


def _alert_title(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    return '<p class="admonition-title">'


_ALERTS = {"important": "info", "caution": "danger"}
"""GitHub's alerts that the theme knows by another name."""


def _code(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    language = (tokens[n].info.split() or ["text"])[0]
    return coloured(tokens[n].content, language) + "\n"


def coloured(code: str, language: str) -> str:
    """A code block with Pygments' classes; code that no lexer knows stays plain."""
    from pygments import highlight  # type: ignore[import-untyped]
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]

    try:
        lexer = get_lexer_by_name(language.strip("{}."), stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False)
    shown = highlight(code, lexer, HtmlFormatter(cssclass="highlight", wrapcode=True))
    return str(shown).strip()
