"""What has been proved before: exercises whose files, and the tools, are as they were then."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.author.case import Case
from grader.author.proof import Figures
from grader.cache import Cache
from grader.course import Course
from grader.curriculum import content_hash
from grader.workspace import GRADER, Workspace

KIND = "gate"
FIGURES = "figures"
TOOLS = ("engine", "surgery", "author", "diagnosis.py", "course.py")


class Proved:
    """The exercises proved before, by the hash of all that the proof rests on."""

    def __init__(self, workspace: Workspace, course: Course) -> None:
        self._workspace, self._course = workspace, course
        self._cache = Cache(workspace.cache)
        self._tools = _tools(workspace)

    def knows(self, case: Case) -> bool:
        """Whether this very exercise was proved."""
        return self._cache.get(KIND, self.key(case)) is not None

    def keep(self, case: Case) -> None:
        """It has been proved."""
        self._cache.put({"proved": case.exercise.id}, KIND, self.key(case))

    def note(self, case: Case, figures: Figures) -> None:
        """Keep what its trials came to, proved or not."""
        self._cache.put({"figures": json.dumps(asdict(figures))}, FIGURES, self.key(case))

    def figures(self, case: Case) -> Figures | None:
        """What the trials of this very exercise came to, if they were held."""
        kept = self._cache.get(FIGURES, self.key(case))
        return None if kept is None else Figures(**json.loads(kept["figures"]))

    def key(self, case: Case) -> str:
        """What stands for the exercise and the tools as they are: other when one of them is."""
        stub = self._workspace.stub(case.exercise.id)
        parts = [
            self._tools,
            repr(case.exercise),
            *(case.lesson, case.checks, case.reference),
            *case.variants.values(),
            repr(case.mistakes),
            content_hash(stub) if stub.is_file() else "",
            *self._others(case),
        ]
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def _others(self, case: Case) -> Iterator[str]:
        """The references that this one may import, directly or through another."""
        texts, reached = [case.reference, case.checks, *case.variants.values()], {case.exercise.id}
        while texts:
            text = texts.pop()
            for other in self._course.exercises():
                if other.id not in reached and _mentions(text, other.unit, other.name):
                    reached.add(other.id)
                    path = self._workspace.reference(other.id)
                    texts.append(path.read_text("utf-8", errors="replace"))
                    yield texts[-1]


def _mentions(text: str, unit: str, name: str) -> bool:
    return f"exercises.{unit}.{name}" in text or f"exercises.{unit} import" in text


def _tools(workspace: Workspace) -> str:
    """The grader's own code, the data and the libraries that a verdict rests on."""
    files = [file for tool in TOOLS for file in _sources(GRADER / tool)]
    data = workspace.curriculum / "data"
    settings = workspace.root / "pyproject.toml"
    lesson = (".py", ".yml", ".md")  # the unit ``data`` lives among them
    files += sorted(f for f in data.rglob("*") if f.is_file() and f.suffix not in lesson)
    files += [settings] if settings.is_file() else []
    libraries = [f"{name} {version_of(name)}" for name in ("torch", "numpy", "pytest", "libcst")]
    return "\n".join([content_hash(*files), platform.python_version(), *libraries])


def _sources(tool: Path) -> list[Path]:
    return [tool] if tool.is_file() else sorted([*tool.rglob("*.py"), *tool.rglob("*.ini")])


def version_of(name: str) -> str:
    """The version of an installed library; nothing where it is not."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
