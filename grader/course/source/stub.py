"""A stub: the reference with the bodies of what the learner writes blanked."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Sequence
from pathlib import Path

import libcst as cst

from grader.base.errors import CourseError, Fault
from grader.course.source.syntax import parse_source

_SILENT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def make_stub(source: str, writes: Sequence[str], *, path: Path = Path("reference.py")) -> str:
    """Return the stub: each function, method or whole class of ``writes`` without its body.

    Decorators, signature, docstring and all that stands outside stay to the letter.
    """
    parse_source(source, path)  # LibCST's own errors do not say where
    module = cst.parse_module(source)
    remover = _BodyRemover(module, frozenset(writes))
    body = [remover.rewrite(statement) for statement in module.body]
    missing = [name for name in writes if name not in remover.blanked]
    if missing:
        remedy = 'correct "writes:" in unit.yml, or the reference'
        problems = [f"the reference has no {name} with a body to blank" for name in missing]
        raise CourseError([Fault(path, 1, 1, problem, remedy) for problem in problems])
    return module.with_changes(body=body).code


class _BodyRemover:
    """Removes the bodies of what is in ``writes`` and collects the names that it found."""

    def __init__(self, module: cst.Module, writes: frozenset[str]) -> None:
        self._module, self._writes = module, writes
        self.blanked: set[str] = set()

    def rewrite(self, node: cst.BaseStatement | cst.SimpleStatementLine) -> cst.BaseStatement:
        """Return a statement of the module, without its body if ``writes`` names it."""
        if isinstance(node, cst.FunctionDef):
            return self._rewrite_function(node, node.name.value, node.name.value)
        if isinstance(node, cst.ClassDef) and isinstance(node.body, cst.IndentedBlock):
            name = node.name.value
            body = [
                self._rewrite_function(inner, f"{name}.{inner.name.value}", name)
                if isinstance(inner, cst.FunctionDef)
                else inner
                for inner in node.body.body
            ]
            return node.with_changes(body=node.body.with_changes(body=body))
        return node

    def _rewrite_function(self, node: cst.FunctionDef, name: str, whole: str) -> cst.FunctionDef:
        asked = self._writes & {name, whole}
        if not asked:
            return node
        self.blanked |= asked
        docstring, rest = _split_docstring(node.body)
        lines = sum(_count_code_lines(self._module.code_for_node(line)) for line in rest)
        about = f"about {lines} line{'s' * (lines != 1)}"
        call = cst.parse_statement(f'raise NotImplementedError("write {name} ({about})")')
        block = cst.IndentedBlock([*docstring, call])
        if isinstance(node.body, cst.IndentedBlock):
            block = node.body.with_changes(body=block.body, footer=())
        return node.with_changes(body=block)


def _split_docstring(
    body: cst.BaseSuite,
) -> tuple[list[cst.BaseStatement], list[cst.BaseStatement]]:
    """Return a function's docstring, if it has one, and the statements after it."""
    if isinstance(body, cst.SimpleStatementSuite):
        lines: list[cst.BaseStatement] = [cst.SimpleStatementLine(body.body)]
    else:
        lines = [line for line in body.body if isinstance(line, cst.BaseStatement)]
    first = lines[0]
    if not isinstance(first, cst.SimpleStatementLine) or not _is_text(first.body[0]):
        return [], lines
    if len(first.body) == 1:
        return [first], lines[1:]
    alone = first.body[0].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
    more = first.with_changes(body=first.body[1:], leading_lines=())
    return [first.with_changes(body=[alone])], [more, *lines[1:]]


def _is_text(node: cst.BaseSmallStatement) -> bool:
    return (
        isinstance(node, cst.Expr)
        and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)
        and isinstance(node.value.evaluated_value, str)
    )


def _count_code_lines(code: str) -> int:
    """Return the number of lines that hold code: no blank lines, no comments."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type not in _SILENT:
            lines.update(range(token.start[0], token.end[0] + 1))
    written = code.splitlines()
    return sum(1 for line in lines if written[line - 1].strip())
