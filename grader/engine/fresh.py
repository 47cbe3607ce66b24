"""How a fresh Python of ours is started: no folder of the user's on its path, no settings."""

from __future__ import annotations

import os
import sys

KEPT = ("PYTHONUSERBASE", "PYTHONNOUSERSITE")
"""Settings that say where packages are installed, which holds for us too."""


def command(module: str, *words: str) -> list[str]:
    """The command that runs a module of ours."""
    return [sys.executable, "-P", "-m", module, *words]


def environment() -> dict[str, str]:
    """The user's environment without what would steer Python."""
    mine = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON") or k in KEPT}
    # Without the last, macOS ends a fork that touches its frameworks.
    return {**mine, "PYTHONUTF8": "1", "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"}
