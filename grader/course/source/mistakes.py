"""What a mistakes file holds, read without running it: mistakes and their spellings.

A mistake is a function marked with ``@caught_by``; its docstring is the sentence that a learner
reads. Its body is one spelling, or holds several in ``with spelling():`` blocks. A spelling is a
list of edits of the reference's text, or functions and classes that replace the reference's, or
both.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from grader.base import render_cache
from grader.base.errors import CourseError, Fault
from grader.course.model import Mistake
from grader.course.source import edits
from grader.course.source.edits import Edit, Wrong, wrong_at
from grader.course.source.syntax import (
    Function,
    find_definitions,
    is_docstring,
    parse_source,
    read_sentence,
)

REFERENCE, MISTAKES = Path("reference.py"), Path("mistakes.py")
"""What the two texts are called where no path is given."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way in which a mistake is written."""

    mistake: str
    number: int
    """Its place among the mistake's spellings, from 1; 0 where it is the only one."""
    line: int
    edits: tuple[Edit, ...]
    definitions: tuple[Function | ast.ClassDef, ...]

    @property
    def label(self) -> str:
        """The mistake's name, with the spelling's number where there are several."""
        return f"{self.mistake} (spelling {self.number})" if self.number else self.mistake


def read_mistakes(
    text: str, reference: str | None = None, *, path: Path = MISTAKES
) -> tuple[Mistake, ...]:
    """Return the mistakes of a mistakes file in order; ``CourseError`` with all that is wrong.

    With the ``reference``, also check that each spelling changes something of it.
    """
    checked = "" if reference is None else f"beside {reference}"

    def read() -> list[list[object]]:
        marked = _check_mistakes(text, reference, path)
        return [[m.name, read_sentence(m), _read_caught_by(m)[0], m.lineno] for m in marked]

    cached = render_cache.compute(read, "mistakes", text, checked)
    return tuple(Mistake(*row) for row in cached)


def read_spellings(
    text: str, reference: str, *, path: Path = MISTAKES
) -> tuple[tuple[Spelling, ...], ...]:
    """Return the spellings of each mistake in order; ``CourseError`` with all that is wrong."""
    return tuple(_read_spellings(mistake) for mistake in _check_mistakes(text, reference, path))


def _check_mistakes(text: str, reference: str | None, path: Path) -> list[Function]:
    """Return the functions of a mistakes file; raise ``CourseError`` with all that is wrong."""
    body = parse_source(text, path).body
    marked = [node for node in body if isinstance(node, Function)]
    wrong = [*_find_misplaced(body), *_find_duplicates(marked)]
    for node in marked:
        wrong += _find_form_faults(node)
    if reference is not None:
        own = find_definitions(parse_source(reference, REFERENCE).body)
        for spelling in (one for node in marked for one in _read_spellings(node)):
            misplaced = [
                *edits.find_faults(reference, spelling.edits),
                *_find_misfits(spelling, own),
            ]
            wrong += misplaced or _find_lost_edits(spelling, reference, own)
    if wrong:
        raise CourseError([Fault(path, *found) for found in wrong])
    return marked


def _find_misplaced(body: list[ast.stmt]) -> Iterator[Wrong]:
    """Yield what is neither docstring, import nor mistake: no variant would have it."""
    for index, node in enumerate(body):
        if not isinstance(node, Function | ast.Import | ast.ImportFrom) and not (
            index == 0 and is_docstring(node)
        ):
            remedy = "move it into the mistake that uses it"
            yield wrong_at(node, "this is neither an import nor a mistake", remedy)


def _find_duplicates(marked: list[Function]) -> Iterator[Wrong]:
    count = Counter(node.name for node in marked)
    for node in marked:
        if count[node.name] > 1:
            yield wrong_at(node, f"two mistakes are named {node.name}", "rename one of them")


def _find_form_faults(mistake: Function) -> Iterator[Wrong]:
    """Yield what is wrong with a mistake by itself, without the reference beside it."""
    name, body = mistake.name, _skip_docstring(mistake)
    if not read_sentence(mistake):
        remedy = "say in one sentence what the wrong code does"
        yield wrong_at(mistake, f"{name} has no docstring", remedy)
    if len(_read_caught_by(mistake)) != 1:
        remedy = 'write @caught_by("test_...") above it, with the first check that it fails'
        yield wrong_at(mistake, f"{name} does not name the one check that catches it", remedy)
    blocks = [node for node in body if _is_block(node)]
    for block in blocks:
        yield from _find_content_faults(name, block, block.body)
    if blocks:
        for node in body:
            if node not in blocks:
                remedy = "write each spelling in a block of its own: with spelling():"
                yield wrong_at(node, f"{name} has a statement outside its spellings", remedy)
    else:
        yield from _find_content_faults(name, mistake, body)


def _find_content_faults(name: str, owner: ast.stmt, body: list[ast.stmt]) -> Iterator[Wrong]:
    """Yield what is wrong with the content of one spelling."""
    if not any(isinstance(node, Function | ast.ClassDef) or edits.is_edit(node) for node in body):
        remedy = "write an edit of the reference in it, or the whole wrong function"
        yield wrong_at(owner, f"{name} replaces nothing", remedy)
    for node in body:
        if edits.is_edit(node):
            yield from edits.find_form_faults(node)
        elif not isinstance(node, Function | ast.ClassDef):
            remedy = "move it into the function that uses it"
            problem = f"this statement in {name} is neither an edit, a function nor a class"
            yield wrong_at(node, problem, remedy)


def _find_misfits(spelling: Spelling, own: dict[str, Function | ast.ClassDef]) -> Iterator[Wrong]:
    """Yield what does not match the reference; a helper of the mistake begins with ``_``."""
    inner = {node.name: node for node in spelling.definitions}
    helpers_alone = not own.keys() & inner.keys() and all(name[0] == "_" for name in inner)
    if inner and helpers_alone and not spelling.edits:
        name, at = spelling.mistake, (spelling.line, 1)
        yield (
            *at,
            f"{name} replaces nothing of the reference",
            "replace a function of the reference",
        )
    for name, node in inner.items():
        if name not in own and name[0] != "_":
            remedy = f"use a name of the reference ({', '.join(own)}), or begin a helper with _"
            yield wrong_at(node, f"the reference has no {name}", remedy)
        elif name in own and isinstance(own[name], ast.ClassDef) != isinstance(node, ast.ClassDef):
            kind = "class" if isinstance(own[name], ast.ClassDef) else "function"
            yield wrong_at(node, f"{name} is a {kind} in the reference", f"make it a {kind}")
        elif name in own and isinstance(node, ast.ClassDef):
            yield from _find_other_members(node)


def _find_other_members(node: ast.ClassDef) -> Iterator[Wrong]:
    for index, inner in enumerate(node.body):
        if not isinstance(inner, Function) and not (index == 0 and is_docstring(inner)):
            remedy = "keep only the methods that replace the reference's"
            yield wrong_at(inner, f"{node.name} contains more than methods", remedy)


def _find_lost_edits(
    spelling: Spelling, reference: str, own: dict[str, Function | ast.ClassDef]
) -> Iterator[Wrong]:
    """Yield the edits in a function that the same spelling replaces as a whole."""
    for edit in spelling.edits if spelling.definitions else ():
        line = reference.count("\n", 0, reference.index(edit.old)) + 1
        for name, node in _find_replaced(spelling, own):
            if node.lineno <= line <= (node.end_lineno or node.lineno):
                remedy = "make this change in the mistake's own function"
                problem = f"the edit is in {name}, which this mistake replaces as a whole"
                yield edit.line, edit.column, problem, remedy


def _find_replaced(
    spelling: Spelling, own: dict[str, Function | ast.ClassDef]
) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the functions and methods of the reference that a spelling's definitions replace."""
    for node in spelling.definitions:
        there = own.get(node.name)
        if isinstance(there, ast.ClassDef) and isinstance(node, ast.ClassDef):
            for name in find_definitions(node.body):
                for method in there.body:
                    if isinstance(method, Function) and method.name == name:
                        yield f"{node.name}.{name}", method
        elif there is not None:
            yield node.name, there


def _read_spellings(mistake: Function) -> tuple[Spelling, ...]:
    body = _skip_docstring(mistake)
    blocks = [node for node in body if _is_block(node)]
    if not blocks:
        return (_read_spelling(mistake.name, 0, mistake.lineno, body),)
    several = len(blocks) > 1
    return tuple(
        _read_spelling(mistake.name, number if several else 0, block.lineno, block.body)
        for number, block in enumerate(blocks, start=1)
    )


def _read_spelling(mistake: str, number: int, line: int, body: list[ast.stmt]) -> Spelling:
    given = tuple(found for node in body if (found := edits.read_edit(node)))
    return Spelling(mistake, number, line, given, tuple(find_definitions(body).values()))


def _skip_docstring(mistake: Function) -> list[ast.stmt]:
    """Return a mistake's body without its docstring."""
    return mistake.body[1:] if is_docstring(mistake.body[0]) else mistake.body


def _is_block(node: ast.stmt) -> TypeGuard[ast.With]:
    """Return True for ``with spelling():``."""
    return (
        isinstance(node, ast.With)
        and len(node.items) == 1
        and ast.unparse(node.items[0]) == "spelling()"
    )


def _read_caught_by(mistake: Function) -> list[str]:
    """Return the checks that its ``@caught_by`` names."""
    return [
        argument.value
        for call in mistake.decorator_list
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] == "caught_by"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
