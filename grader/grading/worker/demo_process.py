"""The process in which a unit's demo runs the learner's code on an input.

It reads what to run as JSON from standard input. What the demo prints is the result; an error of
the learner's code is one line on standard error, and exit code 1.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from grader.grading.system.isolation import die_with_parent
from grader.grading.system.memory import limit_memory
from grader.grading.worker.loader import ExerciseFinder, load_standalone, remove_exercises
from grader.grading.worker.uncaught import describe_raised


def main() -> None:
    """Run the demo that standard input names."""
    die_with_parent()
    order: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    root = Path(order["root"])
    # Loaded before the limit: the libraries of a build with CUDA take several gigabytes of address
    # space, which are none of the learner's.
    importlib.import_module("torch")
    limit_memory(order["memory_mb"])
    remove_exercises()
    # No exercise is in hand: all of them are served from the folder.
    sys.meta_path.insert(0, ExerciseFinder("none/in_hand", "", "", root / order["code"]))
    try:
        load_standalone(Path(order["demo"])).run(order["text"])
        sys.stdout.flush()
    except BaseException as error:  # the learner's code may raise anything at all
        sys.stdout.flush()
        print(describe_raised(error, root, [order["code"]]), file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
