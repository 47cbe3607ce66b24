"""Formulas: TeX becomes MathML, which every browser draws without a script."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

from math_core import LatexError, LatexToMathML

from grader.base.templating import Templates

_SPANS = re.compile(
    r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>',
    re.DOTALL,
)
_LONGEST = 5000
"""Characters beyond which a formula is taken for a mistake."""

_TEMPLATES = Templates(Path(__file__).parent / "templates")


@cache
def _get_converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False)


def convert_formula(tex: str, *, display: bool) -> str:
    """Convert TeX to MathML; a formula that cannot be parsed shows its source and the fault."""
    try:
        return _convert(tex, display)
    except LatexError as error:
        return _TEMPLATES.fill("bad_formula.html", source=tex.strip(), why=_explain(error))


def find_formula_fault(tex: str) -> str:
    """Return what is wrong with the formula; empty when it can be parsed."""
    try:
        _convert(tex, display=False)
    except LatexError as error:
        return _explain(error)
    return ""


def _convert(tex: str, display: bool) -> str:
    tex = tex.strip()
    if len(tex) > _LONGEST:
        raise LatexError(f"longer than {_LONGEST} characters")
    return _get_converter().convert_with_local_state(tex, displaystyle=display)


def _explain(error: LatexError) -> str:
    return " ".join(str(error).split())


def convert_page_formulas(page: str) -> str:
    """Convert every formula that Arithmatex marked in a page's HTML to MathML."""
    return _SPANS.sub(
        lambda span: convert_formula(html.unescape(span[2]), display=span[1] == "div"),
        page,
    )
