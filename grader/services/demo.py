"""A unit's demo: the learner's own exercises run on an input of theirs, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import suppress
from typing import Literal

from grader.base.errors import NOT_PASSED, GroundworkError, UsageError
from grader.base.printable import sanitize
from grader.course.model import Unit
from grader.grading.system.interpreter import start_module
from grader.grading.system.output import CapturedOutput
from grader.services.session import Session

MEMORY_MB = 2048
"""What a demo may allocate beyond the libraries, in MiB."""

DemoTarget = Literal["exercises", "solutions"]


class DemoFailed(GroundworkError):
    """The learner's code gave no result; the message says why."""

    exit_code = NOT_PASSED


def run_demo(session: Session, unit: Unit, text: str, target: DemoTarget, seconds: float) -> str:
    """Return what a unit's demo prints for a text; ``DemoFailed`` where an exercise raises."""
    demo = session.workspace.locate_demo(unit.id)
    if unit.finish is None or not demo.is_file():
        raise UsageError(f"the unit {unit.id} has nothing to try yet; grade try lists what has.")
    order = {
        "root": str(session.workspace.root),
        "code": target,
        "demo": str(demo),
        "text": text,
        "memory_mb": MEMORY_MB,
    }
    with start_module("grader.grading.worker.demo_process") as process:
        return _collect(process, json.dumps(order).encode(), seconds)


def _collect(process: subprocess.Popen[bytes], order: bytes, seconds: float) -> str:
    """Return what the process prints until its end; raise ``DemoFailed`` when it goes wrong."""
    assert process.stdin and process.stdout and process.stderr
    printed = CapturedOutput(os.dup(process.stdout.fileno()))
    said = CapturedOutput(os.dup(process.stderr.fileno()))
    with suppress(BrokenPipeError):
        process.stdin.write(order)
        process.stdin.close()
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        late = f"no result after {seconds:g} seconds; allow more with --seconds"
        raise DemoFailed(late) from None
    result = sanitize(printed.take().rstrip("\n"), 40_000)
    if code:
        why = sanitize(said.take().strip()[-2000:]) or f"the process ended with code {code}"
        raise DemoFailed(f"{result}\n{why}" if result else why)
    return result
