"""What has been proved before: exercises whose files, and the tools, are as they were then."""

from __future__ import annotations

import json
import platform
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.authoring.case import Case
from grader.authoring.trial_rules import TrialFigures
from grader.base.cache import Cache, hash_files
from grader.base.paths import GRADER, Workspace
from grader.course.model import Course

KIND = "gate"
FIGURES = "figures"
TOOLS = ("grading", "course", "authoring", "checks.py")


class ProofCache:
    """The exercises proved before, by the hash of all that the proof rests on."""

    def __init__(self, workspace: Workspace, course: Course) -> None:
        self._workspace, self._course = workspace, course
        self._cache = Cache(workspace.cache)
        self._tools = _describe_tools(workspace)

    def has_proof(self, case: Case) -> bool:
        """Return True if this very exercise was proved."""
        return self._cache.get(KIND, self.hash_case(case)) is not None

    def keep(self, case: Case) -> None:
        """Store that it has been proved."""
        self._cache.put({"proved": case.exercise.id}, KIND, self.hash_case(case))

    def store_figures(self, case: Case, figures: TrialFigures) -> None:
        """Store the figures of its trials, proved or not."""
        self._cache.put({"figures": json.dumps(asdict(figures))}, FIGURES, self.hash_case(case))

    def read_figures(self, case: Case) -> TrialFigures | None:
        """Return the figures of this very exercise's trials, if they were run."""
        cached = self._cache.get(FIGURES, self.hash_case(case))
        return None if cached is None else TrialFigures(**json.loads(cached["figures"]))

    def hash_case(self, case: Case) -> str:
        """Return a hash of the exercise and of the tools."""
        stub = self._workspace.locate_stub(case.exercise.id)
        shared = self._workspace.locate_shared(case.exercise.unit)
        parts = [
            self._tools,
            repr((case.exercise, case.reach)),
            *(case.lesson, case.checks, case.reference),
            *(variant.text for variant in case.variants),
            repr(case.mistakes),
            *(hash_files(file) if file.is_file() else "" for file in (stub, shared)),
            *self._iterate_references(case),
        ]
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def _iterate_references(self, case: Case) -> Iterator[str]:
        """Yield the references that this one may import, directly or through another."""
        texts = [case.reference, case.checks, *(variant.text for variant in case.variants)]
        reached = {case.exercise.id}
        while texts:
            text = texts.pop()
            for other in self._course.iterate_exercises():
                if other.id not in reached and _has_import(text, other.unit, other.name):
                    reached.add(other.id)
                    path = self._workspace.locate_reference(other.id)
                    texts.append(path.read_text("utf-8", errors="replace"))
                    yield texts[-1]


def _has_import(text: str, unit: str, name: str) -> bool:
    return f"exercises.{unit}.{name}" in text or f"exercises.{unit} import" in text


def _describe_tools(workspace: Workspace) -> str:
    """Return the hash of the grader's code and data, and the libraries' versions."""
    files = [file for tool in TOOLS for file in _list_sources(GRADER / tool)]
    data = workspace.curriculum / "data"
    lesson = (".py", ".yml", ".md")  # the unit ``data`` lives among them
    files += sorted(f for f in data.rglob("*") if f.is_file() and f.suffix not in lesson)
    libraries = [f"{name} {find_version(name)}" for name in ("torch", "numpy", "pytest", "libcst")]
    settings = _read_pytest_settings(workspace.root / "pyproject.toml")
    return "\n".join([hash_files(*files), settings, platform.python_version(), *libraries])


def _read_pytest_settings(file: Path) -> str:
    """Return what plain pytest takes from the file; another dependency changes no verdict."""
    if not file.is_file():
        return ""
    tools = tomllib.loads(file.read_text("utf-8")).get("tool", {})
    return repr(tools.get("pytest"))


def _list_sources(tool: Path) -> list[Path]:
    return [tool] if tool.is_file() else sorted([*tool.rglob("*.py"), *tool.rglob("*.ini")])


def find_version(name: str) -> str:
    """Return the version of an installed library; empty where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
