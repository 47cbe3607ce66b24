"""Reads what the pages show from the places where it lies."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

from grader import pieces
from grader.course import Course, Exercise
from grader.errors import CourseError, Fault, GroundworkError
from grader.journal import Journal
from grader.notes import Notes
from grader.pages import backlinks
from grader.pages.scene import Contract, Scene
from grader.pages.telling import told
from grader.practice import Desk
from grader.practice.readings import reading_list
from grader.practice.recall import Deck
from grader.records import shelves
from grader.surgery import claims, mistakes
from grader.workspace import Workspace


def gather(workspace: Workspace) -> Scene:
    """The scene as the files are now; ``CourseError`` when the course has faults."""
    with pieces.at_hand(workspace.cache / "read.json"):
        return _gathered(workspace)


def _gathered(workspace: Workspace) -> Scene:
    desk = Desk.at(workspace)
    deck = Deck.of(desk)
    course, records, journal = desk.course, desk.records, Journal(workspace.log)
    entries, problems = journal.seen()
    ids = [exercise.id for exercise in course.exercises()]
    notes = tuple(Notes(workspace.notes, workspace.cache / "notes").read())
    texts = {id: _text(workspace.checks(id)) for id in ids}
    scene = Scene(
        workspace=workspace,
        course=course,
        progress=desk.progress(),
        standings=records.standings(),
        attempts=tuple(records.attempts()),
        lessons={id: _text(workspace.lesson(id)) for id in ids},
        contracts=_contracts(workspace, course),
        claims={id: claims(texts[id], path=workspace.checks(id)) for id in ids},
        mistakes={id: _says(workspace, id) for id in ids},
        entries=tuple(entries),
        notes=notes,
        backlinks=backlinks.find(workspace, course, notes),
        readings=reading_list(desk),
        deck=deck,
        cards=deck.towards(desk.course),
        guides={path.name: _text(path) for path in sorted(workspace.handwritten.glob("*.md"))},
        said=tuple(shelves.claims(workspace.progress).all().values()),
        settings=desk.settings(),
        today=desk.today(),
        problems=(*problems, *records.warnings),
    )
    return replace(scene, shared=told(desk, scene))


def _says(workspace: Workspace, exercise: str) -> dict[str, str]:
    path = workspace.mistakes(exercise)
    return {m.name: m.says for m in mistakes(_text(path), path=path)}


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GroundworkError(f"{path} cannot be read: {error}. Restore it.") from error


def _contracts(workspace: Workspace, course: Course) -> dict[str, tuple[Contract, ...]]:
    found = {}
    for exercise in course.exercises():
        path = workspace.reference(exercise.id)
        try:
            found[exercise.id] = contracts(_text(path), exercise)
        except SyntaxError as error:
            fault = Fault(path, error.lineno or 1, error.offset or 1, error.msg, "correct it")
            raise CourseError([fault]) from error
    return found


def contracts(reference: str, exercise: Exercise) -> tuple[Contract, ...]:
    """What each function, class and method that the learner writes is held to, in file order."""
    made_from = ("contracts", reference, *exercise.writes, "", *exercise.names)
    kept = pieces.made(lambda: _contracted(reference, exercise), *made_from)
    return tuple(Contract(signature, docstring) for signature, docstring in kept)


def _contracted(reference: str, exercise: Exercise) -> list[tuple[str, str]]:
    wanted = {*exercise.writes, *exercise.names}
    found = []
    for node in ast.parse(reference).body:
        if isinstance(node, _DEFINITION) and node.name in wanted:
            found.append(_contract(reference, node))
        if isinstance(node, ast.ClassDef):
            methods = [item for item in node.body if isinstance(item, _FUNCTION)]
            inside = [m for m in methods if {node.name, f"{node.name}.{m.name}"} & {*wanted}]
            found += [_contract(reference, m, f"{node.name}.") for m in inside if _says_more(m)]
    return [(contract.signature, contract.docstring) for contract in found]


_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITION = (*_FUNCTION, ast.ClassDef)


def _says_more(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method tells more than its class does."""
    return ast.get_docstring(method) is not None or not method.name.startswith("_")


def _contract(
    source: str, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, owner: str = ""
) -> Contract:
    lines = source.splitlines()[node.lineno - 1 : node.body[0].lineno - 1]
    first = node.body[0]
    if not lines:  # body on the line of the definition
        lines = [source.splitlines()[node.lineno - 1].partition(":")[0] + ":"]
    signature = "\n".join(line[node.col_offset :] for line in lines).rstrip()
    if owner:
        signature = signature.replace(f"def {node.name}", f"def {owner}{node.name}", 1)
    docstring = ast.get_docstring(node) if isinstance(first, ast.Expr) else None
    return Contract(signature, docstring or "")
