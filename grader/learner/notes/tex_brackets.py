r"""Formulas as LaTeX and chats write them: ``\(x^2\)``, and ``\[ y = x \]`` on lines of its own.

Markdown's own meaning of these four marks is a bracket that is no markup, ``\[1\]``. So what
stands between them has to look like TeX; only marks that have a line each are always a formula.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_INLINE = re.compile(r"\\\((?P<tex>(?:(?!\\\(|\n[ \t]*\n).)+?)\\\)", re.DOTALL)
_DISPLAY = re.compile(r"\\\[(?P<tex>(?:(?!\\\[|\n[ \t]*\n).)+?)\\\]", re.DOTALL)
_TEX = re.compile(r"\\[A-Za-z]+|[_^=<>{}+]|\d\s*[-*/]")
"""What prose between brackets has none of."""
_SHORT = re.compile(r"\s*[A-Za-z]'*(?:\s*[,/-]\s*[A-Za-z]'*)*\s*|\s*\d[\d.,]*\s*")
"""A letter, a few letters, or a number."""


def add_tex_brackets(parser: MarkdownIt) -> None:
    """Add the rules that parse these formulas to the tokens that dollars give."""
    parser.inline.ruler.before("escape", "tex_brackets", _parse_inline)
    parser.block.ruler.before(
        "blockquote",
        "tex_brackets",
        _parse_block,
        {"alt": ["paragraph", "reference", "blockquote", "list", "footnote_def"]},
    )


def _parse_inline(state: StateInline, silent: bool) -> bool:
    if state.src[max(0, state.pos - 1) : state.pos] == "]":  # an escaped link: \\[a\\]\\(b\\)
        return False
    for pattern, kind in ((_INLINE, "math_inline"), (_DISPLAY, "math_inline_double")):
        found = pattern.match(state.src, state.pos, state.posMax)
        if found and _is_formula(found["tex"], kind):
            if not silent:
                token = state.push(kind, "math", 0)
                token.content, token.markup = found["tex"].strip(), "\\("
            state.pos = found.end()
            return True
    return False


def _is_formula(tex: str, kind: str) -> bool:
    if "`" in tex or not tex.strip():
        return False
    return bool(_TEX.search(tex)) or (kind == "math_inline" and bool(_SHORT.fullmatch(tex)))


def _parse_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start) or not _get_line(state, start).startswith("\\["):
        return False
    last = _find_last(state, start, end)
    if last is None:
        return False
    whole = "\n".join(_get_line(state, line) for line in range(start, last + 1))
    tex = whole.strip().removeprefix("\\[").removesuffix("\\]")
    is_marked = _get_line(state, start).strip() == "\\[" and tex.strip()
    if not is_marked and not _is_formula(tex, "math_block"):
        return False
    if not silent:
        state.line = last + 1
        token = state.push("math_block", "math", 0)
        token.block, token.content, token.markup = True, tex.strip(), "\\["
        token.map = [start, state.line]
    return True


def _get_line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _find_last(state: StateBlock, start: int, end: int) -> int | None:
    r"""Return the line that ends in ``\]``; None where the block ends before, or goes on after."""
    for line in range(start, end):
        if line > start and not state.isEmpty(line) and state.sCount[line] < state.blkIndent:
            return None
        text = _get_line(state, line).rstrip()
        if (at := text.find("\\]")) >= 0:
            return line if at == len(text) - 2 else None
    return None
