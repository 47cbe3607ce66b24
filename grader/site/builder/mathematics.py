"""A Markdown extension: what Arithmatex marked as a formula becomes MathML in the page."""

from __future__ import annotations

from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

from grader.learner.notes.formula import convert_page_formulas


class _Formulas(Postprocessor):  # type: ignore[misc]
    def run(self, text: str) -> str:
        """Return the page's HTML with its formulas as MathML."""
        return convert_page_formulas(text)


class Mathematics(Extension):  # type: ignore[misc]
    """The extension; its postprocessor runs after all others, when the page is HTML."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the postprocessor."""
        md.postprocessors.register(_Formulas(md), "groundwork-mathematics", -10)


def makeExtension(**options: Any) -> Mathematics:  # noqa: N802
    """Return the extension: the name is the one that Python-Markdown calls."""
    return Mathematics(**options)
