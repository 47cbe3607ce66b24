"""The sentences of a contract: what the docstrings of a stub ask for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from textwrap import dedent

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\d])")


def find_new_sentences(stub: str, own: str) -> list[str]:
    """Return the sentences of a stub's docstrings that a learner's file does not have.

    A learner's file keeps the docstrings of the stub that it began as, so what is missing there
    was added or changed since. Formulas and examples count as sentences, line breaks do not.
    """
    known = _flatten(own)
    return [sentence for sentence in _list_sentences(stub) if _flatten(sentence) not in known]


def _list_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of every docstring, each on one line."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            for block in re.split(r"\n\s*\n", ast.get_docstring(node) or ""):
                yield from _split_block(dedent(block))


def _split_block(block: str) -> Iterator[str]:
    heading, _, rest = block.partition("\n")
    if re.fullmatch(r"\w+:", heading.strip()):
        block = rest
    if block.lstrip().startswith(">>>"):
        return
    for sentence in _END.split(" ".join(block.split())):
        if sentence:
            yield sentence


def _flatten(text: str) -> str:
    """Return the text without differences of layout."""
    return " ".join(text.split())
