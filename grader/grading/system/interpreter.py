"""How a fresh Python of ours is started: no folder of the user's on its path, no settings.

It loads the very package that starts it, also where another clone's is installed, and loads it
from its sources alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from grader.base.paths import GRADER
from grader.grading.system.processes import end_tree, make_scratch_folder

KEPT = ("PYTHONUSERBASE", "PYTHONNOUSERSITE")
"""Settings that say where packages are installed, which holds for us too."""

# ``python -m grader...`` would look for the package along sys.path, and find the one that is
# installed, which may be another clone's. So the package is loaded from its folder, under its
# name, before anything is imported from it.
#
# Its compiled files are neither read nor written: one that a learner's code has put beside a module
# of ours would be run in its place, in the judge as well. A loader that cannot tell a source's time
# has nothing to compare such a file with, and compiles the source: some 30 ms for all of them.
START = """
import importlib.machinery, importlib.util, runpy, sys
home = sys.argv.pop(1)
class Source(importlib.machinery.SourceFileLoader):
    def path_stats(self, path):
        raise OSError("compiled files are not read")
def find(path):
    if path.startswith(home) and path[len(home):][:1] in ("", "/", "\\\\"):
        return importlib.machinery.FileFinder(path, (Source, [".py"]))
    raise ImportError
sys.path_hooks.insert(0, find)
first = home + "/__init__.py"
found = importlib.util.spec_from_file_location(
    "grader", first, loader=Source("grader", first), submodule_search_locations=[home])
sys.modules["grader"] = importlib.util.module_from_spec(found)
found.loader.exec_module(sys.modules["grader"])
runpy.run_module(sys.argv.pop(1), run_name="__main__")
"""


def make_command(module: str, *words: str) -> list[str]:
    """Return the command that runs a module of ours, or of a library."""
    # -P: without it the first place to import from is the working directory, where a torch.py of
    # the learner's would be run in place of torch, in the judge as well.
    return [sys.executable, "-P", "-c", START, str(GRADER), module, *words]


def make_environment() -> dict[str, str]:
    """Return the user's environment without what would steer Python."""
    # PYTHONPATH, PYTHONSTARTUP, PYTHONOPTIMIZE and the like are for the user's own programs: the
    # first could put modules in place of ours, the last would remove the checks' assertions.
    mine = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON") or k in KEPT}
    # Without the last, macOS ends a fork that touches its frameworks.
    return {**mine, "PYTHONUTF8": "1", "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"}


@contextmanager
def start_module(module: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of ours, which runs a learner's code, in a session and a folder of its own.

    Its streams are pipes. At the end it is ended with all that it has started.
    """
    folder = make_scratch_folder()
    with subprocess.Popen(
        make_command(module),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        cwd=folder,
        env=make_environment(),
    ) as process:
        try:
            yield process
        finally:
            end_tree(process.pid)
            shutil.rmtree(folder, ignore_errors=True)
