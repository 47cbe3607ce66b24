"""``grade doctor``: what keeps the grader from working, and what to do about it."""

from __future__ import annotations

import importlib.metadata
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from grader.base.errors import OUR_FAULT, GroundworkError
from grader.base.paths import Workspace
from grader.cli.console.terminal import count_noun, paint, say, wrap
from grader.grading.client import Engine
from grader.learner.settings import Settings
from grader.services.grading import grade
from grader.services.session import Session
from grader.services.update.updating import is_interrupted

DoctorFinding = tuple[bool, str]


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Check the installation, and say what to fix."""
    troubles = 0
    for look in CHECKS:
        for well, words in _run_check(look):
            troubles += not well
            sign = paint("ok  ", "good") if well else paint("FIX ", "bad")
            say(wrap(words, "     ", f"{sign} "))
    say("No problems found." if not troubles else f"{troubles} to fix.")
    ctx.exit(OUR_FAULT if troubles else 0)


def _run_check(look: Callable[[], Iterator[DoctorFinding]]) -> Iterator[DoctorFinding]:
    try:
        yield from look()
    except GroundworkError as error:
        yield False, str(error)


def _check_python() -> Iterator[DoctorFinding]:
    version = ".".join(map(str, sys.version_info[:3]))
    fine = sys.version_info >= (3, 11)
    yield fine, f"Python {version}" + ("" if fine else ": 3.11 or newer is needed")
    forks = hasattr(os, "fork")
    slower = "this system cannot fork: each run starts new processes, which is slower"
    yield True, "this system can fork" if forks else slower


def _check_packages() -> Iterator[DoctorFinding]:
    try:
        needed = _read_requirements()
    except importlib.metadata.PackageNotFoundError:
        yield False, "groundwork itself is not installed. Run: python -m pip install -e ."
        return
    missing = [name for name in needed if not _is_installed(name)]
    if missing:
        yield False, f"not installed: {', '.join(missing)}. Run: python -m pip install -e ."
    else:
        yield True, f"{len(needed)} packages, torch {importlib.metadata.version('torch')}"


def _read_requirements() -> list[str]:
    """Return the names of the packages that Groundwork requires, without its extras."""
    lines = importlib.metadata.requires("groundwork") or []
    names = [re.match(r"[\w.-]+", line) for line in lines if "extra ==" not in line]
    return [name[0] for name in names if name]


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _check_workspace() -> Iterator[DoctorFinding]:
    workspace = Workspace.find()
    course = Session.open(workspace).course
    count = len(list(course.iterate_exercises()))
    yield True, f"{workspace.root}: {count_noun(count, 'exercise')}"
    for folder in (workspace.root, workspace.progress, workspace.root / "exercises"):
        if folder.exists() and not os.access(folder, os.W_OK):
            yield False, f"{folder} cannot be written: change its permissions"


def _check_settings() -> Iterator[DoctorFinding]:
    file = Workspace.find().settings
    _, faults = Settings.read_leniently(file)
    for fault in faults:
        yield False, fault
    if not faults:
        source = "read from progress/settings.toml" if file.is_file() else "the defaults"
        yield True, f"settings: {source}"


def _check_records() -> Iterator[DoctorFinding]:
    records = Session.open(Workspace.find()).records
    attempts = len(records.read_attempts())
    for warning in records.warnings:
        yield False, f"records: {warning}"
    yield True, f"records: {count_noun(attempts, 'attempt')}"


def _check_stubs() -> Iterator[DoctorFinding]:
    session = Session.open(Workspace.find())
    lost = [
        e.id
        for e in session.course.iterate_exercises()
        if not _is_file(session.workspace.locate_stub(e.id))
    ]
    for exercise in lost:
        yield False, f"exercises/{exercise}.py is missing; grade reset {exercise} writes it again"
    if not lost:
        yield True, "every exercise has its file"


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _check_update() -> Iterator[DoctorFinding]:
    if is_interrupted(Workspace.find()):
        yield False, "an update of the course was interrupted. Run: grade update"


def _check_engine() -> Iterator[DoctorFinding]:
    session = Session.open(Workspace.find())
    exercise = next(session.course.iterate_exercises())
    with Engine() as engine:
        outcome = grade(session, engine, exercise, seed=1, target="solutions")
    fine = outcome.verdict == "passed"
    words = f"the reference of {exercise.id} is graded: {outcome.verdict}, {outcome.seconds:.1f} s"
    yield fine, words + ("" if fine else f"; {outcome.fault}")


CHECKS = (
    _check_python,
    _check_packages,
    _check_workspace,
    _check_settings,
    _check_records,
    _check_stubs,
    _check_update,
    _check_engine,
)
"""In this order: each stands on what those before it have found to be well."""
