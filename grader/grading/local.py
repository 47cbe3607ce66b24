"""The same checks under plain pytest: one process, the real module, for a debugger.

``pytest curriculum/attention`` asks the learner's files; ``--target solutions`` asks the
references. This way of running is for finding a fault, not for a verdict: the learner's code
shares the process with the checks.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.base.paths import Workspace
from grader.grading.judge import expect, fixtures
from grader.grading.judge.fixtures import Fixtures, find_exercise
from grader.grading.judge.proxy import Backend
from grader.grading.judge.remote_errors import rebuild_error
from grader.grading.protocol.plain_data import import_object, seed_all
from grader.grading.protocol.raised import Raised
from grader.grading.system.disk import release_disk
from grader.grading.system.memory import narrow_memory, widen_memory
from grader.grading.system.usage import read_cpu_seconds
from grader.grading.worker.killed_call import call_in_fork
from grader.grading.worker.loader import ExerciseFinder, load_standalone


class LocalBackend:
    """The learner's module in this very process, for plain pytest and a debugger."""

    def __init__(self, load: Callable[[], Any], reference: Callable[[], Any]) -> None:
        self._load, self._reference, self._seed = load, reference, 0

    def get(self, name: str) -> Any:
        """Return the learner's object itself."""
        module = self._load()
        if not hasattr(module, name):
            raise AttributeError(f"{module.__file__} does not define {name}")
        return getattr(module, name)

    def make_live(self, thing: Any) -> Any:
        """Return the thing itself: everything lives here."""
        return thing

    def import_beside(self, path: str) -> Any:
        """Return the library object itself."""
        return import_object(path)

    def get_reference(self, name: str) -> Any:
        """Return the reference's object, from a module of its own."""
        return getattr(self._reference(), name)

    def read_cpu_seconds(self, thing: Any) -> float:
        """Return the seconds for which this process and its children have computed."""
        return read_cpu_seconds(os.getpid())

    def limit_memory(self, megabytes: int, private: bool = False) -> None:
        """Limit this process, checks and all."""
        narrow_memory(megabytes, private)

    def call_until_killed(
        self,
        function: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        prop: Any,
        number: int,
    ) -> int | None:
        """Make the call in a fork, which is killed; then seed again, as for a fresh process."""
        __tracebackhide__ = True
        if not hasattr(os, "fork"):
            pytest.skip("this system cannot fork; `grade` runs this check")
        found = call_in_fork(function, args, kwargs, prop, number)
        if isinstance(found, Raised):
            raise rebuild_error(found)
        if found is None:
            release_disk()
            seed_all(self._seed)
        return found

    def leave_no_evidence(self) -> None:
        """Do nothing: here nothing is replayed."""

    def begin(self, seed: int) -> None:
        """Seed every generator of this process."""
        self._seed = seed
        seed_all(seed)

    def end(self) -> None:
        """Give back the memory; all else stays as whoever debugs wants to see it."""
        widen_memory()
        release_disk()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options of the checks."""
    group = parser.getgroup("groundwork")
    group.addoption("--target", choices=["exercises", "solutions", "mine"], default="exercises")
    group.addoption("--seed", type=int, default=None, help="replay the inputs of a run")


def pytest_configure(config: pytest.Config) -> None:
    """Give the checks their fixtures, with one seed for the whole run."""
    seed = config.getoption("--seed")
    # As in a judged run: so sums are added in the same order, also in the fork of a killed call.
    torch.set_num_threads(1)
    config.stash[_SEED] = secrets.randbelow(2**31) if seed is None else seed
    for module in (expect, fixtures):  # a failed claim is shown at the check's line, and no deeper
        vars(module)["__tracebackhide__"] = True
    backends = LocalBackends(config.getoption("--target"))
    config.pluginmanager.register(
        Fixtures(backends, lambda: config.stash[_SEED]), "groundwork-fixtures"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Let files have any size again before anybody writes about the check to one."""
    release_disk()


def pytest_report_header(config: pytest.Config) -> str:
    """Say the seed, so that a failure can be replayed."""
    return f"seed: {config.stash[_SEED]} (replay with --seed)"


_SEED = pytest.StashKey[int]()


class LocalBackends:
    """The learner's module of each check file, loaded once while that file's checks run."""

    def __init__(self, target: str) -> None:
        self._target, self._path = target, Path()
        self._backend = LocalBackend(lambda: None, lambda: None)

    def __call__(self, check_file: Path) -> Backend:
        """Return the backend for a check file; another file's module is dropped."""
        if check_file != self._path:
            exercise = find_exercise(check_file)
            assert exercise is not None
            root = check_file.parents[2]
            hand = "solutions" if self._target == "solutions" else "exercises"
            file = root / hand / f"{exercise}.py"
            others = root / ("exercises" if self._target == "mine" else "solutions")
            # The finder stays on sys.meta_path: what the module imports inside a function is asked
            # for while the checks run.
            finder = ExerciseFinder(exercise, file.read_text("utf-8"), str(file), others)
            module = finder.load()
            at = Workspace(root).locate_reference(exercise)
            self._path = check_file
            self._backend = LocalBackend(lambda: module, lambda: load_standalone(at))
        return self._backend
