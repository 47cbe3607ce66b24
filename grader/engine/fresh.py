"""How a fresh Python of ours is started: no folder of the user's on its path, no settings.

It loads the very package that starts it, also where another clone's is installed.
"""

from __future__ import annotations

import os
import sys

from grader.workspace import GRADER

KEPT = ("PYTHONUSERBASE", "PYTHONNOUSERSITE")
"""Settings that say where packages are installed, which holds for us too."""
START = """
import importlib.util, runpy, sys
home = sys.argv.pop(1)
found = importlib.util.spec_from_file_location(
    "grader", home + "/__init__.py", submodule_search_locations=[home])
sys.modules["grader"] = importlib.util.module_from_spec(found)
found.loader.exec_module(sys.modules["grader"])
runpy.run_module(sys.argv.pop(1), run_name="__main__")
"""


def command(module: str, *words: str) -> list[str]:
    """The command that runs a module of ours, or of a library."""
    return [sys.executable, "-P", "-c", START, str(GRADER), module, *words]


def environment() -> dict[str, str]:
    """The user's environment without what would steer Python."""
    mine = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON") or k in KEPT}
    # Without the last, macOS ends a fork that touches its frameworks.
    return {**mine, "PYTHONUTF8": "1", "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"}
