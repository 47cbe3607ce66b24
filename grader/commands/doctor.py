"""``grade doctor``: what keeps the grader from working, and what to do about it."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from grader.console.paint import paint, say, wrapped
from grader.engine.client import Engine
from grader.errors import OUR_FAULT, GroundworkError
from grader.practice import Desk, grade
from grader.settings import Settings
from grader.workspace import Workspace

PARTS = (
    *("torch", "pytest", "tinydb", "pyyaml", "mkdocs", "mkdocs-material", "nbconvert"),
    *("libcst", "msgpack", "numpy", "click", "psutil", "filelock", "orjson"),
)

Finding = tuple[bool, str]


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Look for what keeps the grader from working, and say what to do."""
    troubles = 0
    for look in (_python, _packages, _workspace, _settings, _records, _stubs, _engine):
        for well, words in _looked(look):
            troubles += not well
            sign = paint("ok  ", "good") if well else paint("FIX ", "bad")
            say(wrapped(words, "     ", f"{sign} "))
    say("All is well." if not troubles else f"{troubles} to mend.")
    ctx.exit(OUR_FAULT if troubles else 0)


def _looked(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except GroundworkError as error:
        yield False, str(error)


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    fine = sys.version_info >= (3, 11)
    yield fine, f"Python {version}" + ("" if fine else ": 3.11 or newer is needed")
    forks = hasattr(os, "fork")
    yield True, "this system forks" if forks else "no fork here: runs start cold, which is slower"


def _packages() -> Iterator[Finding]:
    missing = []
    for part in PARTS:
        try:
            importlib.metadata.version(part)
        except importlib.metadata.PackageNotFoundError:
            missing.append(part)
    if missing:
        yield False, f"not installed: {', '.join(missing)}. Run: python -m pip install -e ."
    else:
        yield True, f"{len(PARTS)} packages, torch {importlib.metadata.version('torch')}"


def _workspace() -> Iterator[Finding]:
    workspace = Workspace.find()
    course = Desk.at(workspace).course
    count = len(list(course.exercises()))
    yield True, f"{workspace.root}: {count} exercises"
    for folder in (workspace.root, workspace.progress, workspace.root / "exercises"):
        if folder.exists() and not os.access(folder, os.W_OK):
            yield False, f"{folder} cannot be written: give yourself the right to"


def _settings() -> Iterator[Finding]:
    file = Workspace.find().settings
    _, faults = Settings.lenient(file)
    for fault in faults:
        yield False, fault
    if not faults:
        yield True, "settings: as you set them" if file.is_file() else "settings: the defaults"


def _records() -> Iterator[Finding]:
    records = Desk.at(Workspace.find()).records
    attempts = len(records.attempts())
    for warning in records.warnings:
        yield False, f"records: {warning}"
    yield True, f"records: {attempts} attempts"


def _stubs() -> Iterator[Finding]:
    at = Desk.at(Workspace.find())
    lost = [e.id for e in at.course.exercises() if not _is_file(at.workspace.stub(e.id))]
    for exercise in lost:
        yield False, f"exercises/{exercise}.py is missing; grade reset {exercise} writes it anew"
    if not lost:
        yield True, "every exercise has its file"


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _engine() -> Iterator[Finding]:
    at = Desk.at(Workspace.find())
    exercise = next(at.course.exercises())
    with Engine() as engine:
        outcome = grade(at, engine, exercise, seed=1, target="solutions")
    fine = outcome.verdict == "passed"
    words = f"the reference of {exercise.id} is graded: {outcome.verdict}, {outcome.seconds:.1f} s"
    yield fine, words + ("" if fine else f"; {outcome.fault}")
