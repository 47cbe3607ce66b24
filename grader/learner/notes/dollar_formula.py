"""Formulas between dollars: ``$x$`` in a line, ``$$x$$`` displayed, also within a paragraph."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar, math_inline_dollar

_parse_single = math_inline_dollar(allow_space=False, allow_digits=False)
_parse_double = math_inline_dollar(allow_double=True)
_parse_lines = math_block_dollar(allow_labels=False, allow_blank_lines=True)


def add_dollar_formulas(parser: MarkdownIt) -> None:
    """Add the plugin, with rules that let code come first and need no blank lines."""
    parser.use(dollarmath_plugin, allow_labels=False)
    parser.inline.ruler.at("math_inline", _parse_inline)
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.at("math_block", _parse_block, interrupts)


def _parse_inline(state: StateInline, silent: bool) -> bool:
    """Parse a formula within a line, unless a backtick stands between its dollars.

    In "costs $5, see `$HOME`" the dollars belong to two different things, and code comes first.
    The plugin's rule is tried silently, which moves the position to the end of the formula.
    """
    start = state.pos
    is_double = state.src.startswith("$$", start)
    parse = _parse_double if is_double else _parse_single
    found = parse(state, True)
    between, state.pos = state.src[start : state.pos], start
    if not found or "`" in between or (is_double and not _is_displayed(state.src, start, between)):
        return False
    return parse(state, silent)


def _is_displayed(text: str, start: int, formula: str) -> bool:
    """Return True if the double dollars hold something, and are not the first of three."""
    after = text[start + len(formula) : start + len(formula) + 1]
    return bool(formula.strip("$ \n")) and formula[2] != "$" and after != "$"


def _parse_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a formula on lines of its own, unless nothing stands between the dollars.

    The plugin's rule writes its token also when it is only asked, as where a paragraph may end.
    """
    line, count = state.line, len(state.tokens)
    found = _parse_lines(state, start, end, silent) and bool(state.tokens[-1].content.strip())
    if silent or not found:
        state.line = line
        del state.tokens[count:]
    return found
