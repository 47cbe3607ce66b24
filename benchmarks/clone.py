"""A workspace that is thrown away, and a warm grader of its own: no record of anyone is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXERCISE = "attention/softmax"
GRADE = str(Path(sys.executable).with_name("grade"))
MINUTES = 10.0


class Broken(Exception):
    """Something that was to be measured did not do what it should."""


class Clone:
    """A copy of the course in which every exercise is solved."""

    def __init__(self, root: Path, engine: Path) -> None:
        self.root = root
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        self.environment = {**kept, "GROUNDWORK_ENGINE": str(engine)}

    @property
    def stub(self) -> Path:
        """The learner's file of the exercise that is measured."""
        return self.root / "exercises" / f"{EXERCISE}.py"

    @property
    def checks(self) -> str:
        """Its check file, as typed."""
        unit, _, name = EXERCISE.partition("/")
        return f"curriculum/{unit}/check_{name}.py"

    def run(self, *command: str) -> None:
        """Run a command to its end; ``Broken`` unless it succeeds."""
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60 * MINUTES,
        )
        if done.returncode:
            said = f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
            raise Broken(f"{' '.join(command)}: exit code {done.returncode}\n{said}")

    def grade(self, *words: str) -> None:
        """Run ``grade``."""
        self.run(GRADE, *words)

    def python(self, *words: str) -> None:
        """Run this Python."""
        self.run(sys.executable, *words)


@contextmanager
def clone() -> Iterator[Clone]:
    """A clone and its warm grader; both end with the context."""
    with tempfile.TemporaryDirectory(prefix="gw-") as folder:
        root = Path(folder) / "clone"
        for name in ("curriculum", "solutions"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(root / "solutions", root / "exercises")
        (root / "docs" / "log").mkdir(parents=True)
        shutil.copy(ROOT / "pyproject.toml", root)
        (root / "tests").mkdir()
        made = Clone(root, Path(folder) / "engine")
        try:
            yield made
        finally:
            made.grade("engine", "stop")
