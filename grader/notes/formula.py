"""Formulas: TeX becomes MathML, which every browser draws without a script."""

from __future__ import annotations

import html
import re
from functools import cache

from math_core import LatexError, LatexToMathML

_SPANS = re.compile(
    r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>',
    re.DOTALL,
)
_LONGEST = 5000
"""Characters beyond which a formula is taken for a mistake."""


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False)


def mathml(tex: str, *, display: bool) -> str:
    """The formula as MathML; one that cannot be read shows its source and what is wrong."""
    tex = tex.strip()
    try:
        if len(tex) > _LONGEST:
            raise LatexError(f"longer than {_LONGEST} characters")
        return _converter().convert_with_local_state(tex, displaystyle=display)
    except LatexError as error:
        why = html.escape(" ".join(str(error).split()))
        source = html.escape(tex)
        return f'<code class="gw-bad-formula" title="{why}">{source}</code>'


def problem(tex: str) -> str:
    """What is wrong with the formula; nothing when it can be read."""
    found = re.search(r'class="gw-bad-formula" title="([^"]*)"', mathml(tex, display=False))
    return html.unescape(found[1]) if found else ""


def with_mathml(page: str) -> str:
    """The page's HTML with every formula that Arithmatex marked turned into MathML."""
    return _SPANS.sub(
        lambda span: mathml(html.unescape(span[2]), display=span[1] == "div"),
        page,
    )
