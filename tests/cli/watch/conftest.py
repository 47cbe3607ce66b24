"""A clone to watch, and a terminal to watch it in."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from terminal import Terminal

from grader.base.files import write_file
from grader.base.paths import Workspace
from grader.learner.records import Records
from grader.services.session import Session

ROOT = Path(__file__).resolve().parents[3]
SOFTMAX, MASK = "attention/softmax", "attention/causal_mask"
COMMAND = [sys.executable, "-m", "grader.cli.main", "watch"]


@dataclass(frozen=True)
class Clone:
    """A learner's clone, and texts to save in it."""

    root: Path

    def file(self, exercise: str = SOFTMAX) -> Path:
        """The learner's file."""
        return self.root / "exercises" / f"{exercise}.py"

    def right(self, exercise: str = SOFTMAX) -> str:
        """A text that passes."""
        return (self.root / "solutions" / f"{exercise}.py").read_text("utf-8")

    def wrong(self) -> str:
        """A softmax that overflows."""
        return re.sub(r"shifted = .*", "shifted = scores", self.right())

    def endless(self) -> str:
        """A softmax that never answers."""
        return self.right().replace("    shifted", "    while True:\n        pass\n    shifted", 1)

    def attempts(self, exercise: str = SOFTMAX) -> int:
        """How many attempts are recorded."""
        return Records(self.root / "progress").read_standing(exercise).attempts


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course with fresh stubs and no records."""
    root = tmp_path_factory.mktemp("untouched") / "groundwork"
    for name in ("curriculum", "solutions"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "docs" / "log").mkdir(parents=True)
    session = Session.open(Workspace(root))
    for exercise in session.course.iterate_exercises():
        write_file(session.workspace.locate_stub(exercise.id), session.make_stub(exercise))
    return root


@pytest.fixture
def clone(untouched: Path, tmp_path: Path) -> Clone:
    """A fresh clone for one test."""
    return Clone(Path(shutil.copytree(untouched, tmp_path / "clone")))


Watch = Callable[..., Terminal]


@pytest.fixture
def watch(clone: Clone) -> Iterator[Watch]:
    """``grade watch`` in the clone, in a terminal."""
    opened: list[Terminal] = []

    def begin(*words: str, **more: object) -> Terminal:
        opened.append(Terminal([*COMMAND, *words], clone.root, **more))  # type: ignore[arg-type]
        return opened[-1]

    yield begin
    for terminal in opened:
        terminal.close()
