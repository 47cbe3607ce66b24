"""The same checks under plain pytest: one process, the real module, for a debugger.

``pytest curriculum/attention`` asks the learner's files; ``--target solutions`` asks the
references. This way of running is for finding a fault, not for a verdict: the learner's code
shares the process with the checks.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from grader.engine.fixtures import Fixtures, exercise_of
from grader.engine.loader import Exercises, standalone
from grader.engine.side import Here, Side
from grader.workspace import Workspace


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two options of the checks."""
    group = parser.getgroup("groundwork")
    group.addoption("--target", choices=["exercises", "solutions", "mine"], default="exercises")
    group.addoption("--seed", type=int, default=None, help="replay the inputs of a run")


def pytest_configure(config: pytest.Config) -> None:
    """Give the checks their fixtures, with one seed for the whole run."""
    seed = config.getoption("--seed")
    config.stash[_SEED] = secrets.randbelow(2**31) if seed is None else seed
    sides = Sides(config.getoption("--target"))
    config.pluginmanager.register(
        Fixtures(sides, lambda: config.stash[_SEED]), "groundwork-fixtures"
    )


def pytest_report_header(config: pytest.Config) -> str:
    """Say the seed, so that a failure can be replayed."""
    return f"seed: {config.stash[_SEED]} (replay with --seed)"


_SEED = pytest.StashKey[int]()


class Sides:
    """The learner's module of each check file, loaded once while that file's checks run."""

    def __init__(self, target: str) -> None:
        self._target, self._path, self._side = target, Path(), Here(lambda: None, lambda: None)

    def __call__(self, check_file: Path) -> Side:
        """The side for a check file; another file's module is dropped."""
        if check_file != self._path:
            exercise = exercise_of(check_file)
            assert exercise is not None
            root = check_file.parents[2]
            hand = "solutions" if self._target == "solutions" else "exercises"
            file = root / hand / f"{exercise}.py"
            others = root / ("exercises" if self._target == "mine" else "solutions")
            finder = Exercises(exercise, file.read_text("utf-8"), str(file), others)
            module = finder.load()
            at = Workspace(root).reference(exercise)
            self._path, self._side = check_file, Here(lambda: module, lambda: standalone(at))
        return self._side
