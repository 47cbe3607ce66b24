"""The house's own rules: imports point down, one module owns each outside thing, tests say why."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = [
    {
        *("address", "cache", "course", "outcome", "errors", "harmless", "leaks", "learner"),
        *("lock", "pieces", "workspace"),
    },
    {
        *("clock", "curriculum", "engine", "journal", "notes", "readinglist", "records"),
        *("settings", "surgery"),
    },
    {
        *("arrival", "diagnosis", "evidence", "kernels", "logline", "openmodel", "pace"),
        *("progress", "review"),
    },
    {"practice", "sharing"},
    {"author", "console", "pages"},
    {"watching"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
WITHIN_FLOOR_0 = {("workspace", "errors"), ("pieces", "workspace")}
OWNERS = {
    "fsrs": {"review"},
    "tinydb": {"records"},
    "nbconvert": {"notes"},
    "nbclient": {"kernels"},
    "libcst": {"surgery"},
    "yaml": {"curriculum", "author", "notes"},
    "mkdocs": {"pages"},
    "torch": {"engine", "openmodel"},
    "gguf": {"openmodel"},
    "watchfiles": {"watching"},
    "prompt_toolkit": {"watching"},
    "pytest": {"engine"},
    "PIL": {"pages"},
    "ftfy": {"arrival"},
}


def modules() -> Iterator[tuple[Path, str, ast.Module]]:
    """Every module of the tool: its file, its room and its tree."""
    for file in sorted((ROOT / "grader").rglob("*.py")):
        room = file.relative_to(ROOT / "grader").parts[0].removesuffix(".py")
        if room != "__init__":
            yield file, room, ast.parse(file.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of each module that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [alias.name for alias in node.names]
            whole = node.module == "grader"
            yield from ((node.lineno, f"grader.{n}" if whole else node.module) for n in names)


def test_every_room_has_a_floor() -> None:
    """A new module is given its floor here and in docs/architecture.md."""
    rooms = {room for _, room, _ in modules()}
    assert rooms == set(FLOOR)
    described = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert [room for room in sorted(rooms) if f"`{room}" not in described] == []


def test_imports_point_down() -> None:
    """A module imports only from floors below its own, never beside it or above."""
    wrong = []
    for file, room, tree in modules():
        for line, name in imported(tree):
            if not name.startswith("grader.") or name == "grader.__version__":
                continue
            other = name.split(".")[1]
            down = FLOOR[other] < FLOOR[room] or (room, other) in WITHIN_FLOOR_0
            if other != room and not down:
                wrong.append(f"{file.relative_to(ROOT)}:{line}: {room} imports {other}")
    assert wrong == []


@pytest.mark.parametrize("part", sorted(OWNERS))
def test_each_outside_part_has_one_owner(part: str) -> None:
    """Only the rooms named here import it, so that it can be replaced in one place."""
    users = {
        room
        for _, room, tree in modules()
        for _, name in imported(tree)
        if name.split(".")[0] == part
    }
    assert users <= OWNERS[part]


def test_no_pickle_anywhere() -> None:
    """Nothing in the tool can unpickle what a learner's code wrote."""
    carriers = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "multiprocessing"}
    found = [
        f"{file.name}:{line}"
        for file, _, tree in modules()
        for line, name in imported(tree)
        if name.split(".")[0] in carriers
    ]
    assert found == []


def test_functions_stay_short() -> None:
    """No function of the tool is longer than 40 lines."""
    long = [
        f"{file.name}:{node.lineno} {node.name}"
        for file, _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 40
    ]
    assert long == []


def test_every_test_says_what_it_shows() -> None:
    """Each test has a docstring of one sentence."""
    mute = []
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                text = ast.get_docstring(node) or ""
                if not text.endswith("."):
                    mute.append(f"{file.name}:{node.lineno} {node.name}")
    assert mute == []
