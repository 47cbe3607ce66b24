"""A Markdown extension: what Arithmatex marked as a formula becomes MathML in the page."""

from __future__ import annotations

from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

from grader.notes.formula import with_mathml


class _Formulas(Postprocessor):  # type: ignore[misc]
    def run(self, text: str) -> str:
        """The page's HTML with its formulas in MathML."""
        return with_mathml(text)


class Mathematics(Extension):  # type: ignore[misc]
    """Comes after all other postprocessors, when the page is HTML."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the postprocessor."""
        md.postprocessors.register(_Formulas(md), "groundwork-mathematics", -10)


def makeExtension(**options: Any) -> Mathematics:  # noqa: N802
    """What Python-Markdown calls."""
    return Mathematics(**options)
