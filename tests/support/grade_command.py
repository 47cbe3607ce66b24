"""``grade`` as a learner types it: a process in a workspace, over pipes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_grade(
    root: Path, *words: str, typed: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """Run ``grade`` with these words, typed lines and environment variables."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    for name in ("VISUAL", "EDITOR", "PAGER"):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "grader.cli.main", *words],
        cwd=root,
        capture_output=True,
        text=True,
        input=typed,
        env={**environment, "COLUMNS": "100", **more},
        timeout=120,
    )


def lay_workspace(root: Path) -> Path:
    """Lay the workspace of a busy learner, with a stub for each exercise."""
    import busy_learner

    from grader.base.files import write_file
    from grader.services.session import Session

    workspace = busy_learner.lay(root)
    session = Session.open(workspace)
    for exercise in session.course.iterate_exercises():
        write_file(workspace.locate_stub(exercise.id), session.make_stub(exercise))
    return root


def lay_clone(root: Path) -> Path:
    """Lay a clone as a learner has it: the course and untouched stubs, without records."""
    from grader.base.files import write_file
    from grader.base.paths import Workspace
    from grader.services.session import Session

    for name in ("curriculum", "solutions"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "docs" / "log").mkdir(parents=True)
    session = Session.open(Workspace(root))
    for exercise in session.course.iterate_exercises():
        write_file(session.workspace.locate_stub(exercise.id), session.make_stub(exercise))
    shutil.rmtree(session.workspace.generated)
    return root
