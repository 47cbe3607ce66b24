"""The process in which a milestone's program runs on the learner's parts.

It reads what to run as JSON from standard input and sends one line of JSON for each event. What
the learner's code prints goes to standard error.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from grader.base.errors import GroundworkError
from grader.grading.system.isolation import die_with_parent
from grader.grading.system.memory import limit_memory
from grader.grading.worker.loader import ExerciseFinder, load_standalone, remove_exercises
from grader.grading.worker.uncaught import describe_raised
from grader.milestones.conversation import AskingChannel
from grader.milestones.run import Settings
from grader.milestones.stage import Stage


class PartsFinder(ExerciseFinder):
    """Serves each exercise from the folder of whose code it is."""

    def __init__(self, root: Path, parts: Mapping[str, str]) -> None:
        # No exercise is in hand: all of them are served from their files.
        super().__init__("none/in_hand", "", "", root / "solutions")
        self._workspace, self._parts = root, dict(parts)
        self.hashes: dict[str, str] = {}
        """Of each exercise that has been loaded, the SHA-256 of its file."""

    def _find_folder(self, exercise: str) -> Path:
        return self._workspace / self._parts.get(exercise, "solutions")

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's source, and note what was run."""
        super().exec_module(module)
        file, names = getattr(module, "__file__", None), module.__name__.split(".")[1:]
        if file is not None and len(names) == 2:
            self.hashes["/".join(names)] = sha256(Path(file).read_bytes()).hexdigest()


def main() -> None:
    """Run the program that standard input names."""
    channel = AskingChannel()
    die_with_parent()
    order = channel.read_order()
    root = Path(order["root"])
    # Loaded before the limit: the libraries of a build with CUDA take several gigabytes of address
    # space, which are none of the learner's.
    importlib.import_module("torch")
    limit_memory(order["memory_mb"])
    remove_exercises()
    finder = PartsFinder(root, order["parts"])
    sys.meta_path.insert(0, finder)
    settings = Settings(**order["settings"])
    stage = Stage(channel, root, Path(order["folder"]), settings, finder.hashes)
    try:
        getattr(load_standalone(Path(order["program"])), order["action"])(stage)
    except GroundworkError as error:
        channel.send(error=str(error))
    except BaseException as error:  # the learner's code may raise anything at all
        channel.send(error=describe_raised(error, root, ["exercises", "solutions"]))
    else:
        channel.send(done="")


if __name__ == "__main__":
    main()
