"""The process of a builder, MkDocs or Zensical, run to its end."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from grader.base.errors import GroundworkError
from grader.base.paths import Workspace

_TAIL = 12
"""Lines of a builder's output that an error repeats."""


def run_builder(workspace: Workspace, *command: str) -> None:
    """Run a builder in the clone; ``GroundworkError`` repeats its errors."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", *command],
        cwd=workspace.root,
        env=build_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise GroundworkError(
            f"The site was not built.\n{_extract_errors(done.stderr or done.stdout)}"
        )


def build_environment() -> dict[str, str]:
    """Return the environment: no colours, UTF-8, and no announcement of MkDocs 2 by Material."""
    quiet = {"NO_MKDOCS_2_WARNING": "true", "DISABLE_MKDOCS_2_WARNING": "true", "NO_COLOR": "1"}
    return os.environ | quiet | {"PYTHONUTF8": "1"}


def _extract_errors(text: str) -> str:
    """Return the last lines of the output, without MkDocs' at level INFO.

    Zensical ends each failed build with a traceback of its own; what it found is before that.
    """
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text).strip()
    plain = plain.partition("\nTraceback (most recent call last)")[0]
    lines = [line for line in plain.splitlines() if not line.startswith("INFO")]
    return "\n".join(lines[-_TAIL:])
