"""What rendering a workspace takes: on the clock, of the processor, of memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.clone import GRADE, Broken
from grader.base.paths import Workspace
from grader.grading.outcome import Status
from grader.learner.records import Records
from grader.services.session import Session

RENDER = """
from pathlib import Path
from grader.site import render_all
from grader.base.paths import Workspace
own = Workspace(Path.cwd())
render_all(own)
"""
AGAIN = """
import time
from benchmarks.rendering import grade
grade(own)
began, busy = time.perf_counter(), time.process_time()
render_all(own)
print(time.perf_counter() - began, time.process_time() - busy)
"""
MKDOCS = """
import time
from mkdocs.commands.build import build
from mkdocs.config import load_config
from grader.site import gather
from grader.site.links import LinkResolver
from grader.site.navigation import build_navigation
site = gather(own)
config = load_config("mkdocs.yml", hooks=[], site_dir="site")
config.nav = build_navigation(config.nav, site, LinkResolver(site))
began, busy = time.perf_counter(), time.process_time()
build(config)
print(time.perf_counter() - began, time.process_time() - busy)
"""


@dataclass(frozen=True, slots=True)
class Took:
    """What something took. The processor's seconds say more on a machine that is not idle."""

    what: str
    clock: float
    busy: float
    megabytes: float = 0.0


def grade(own: Workspace, exercise: str | None = None) -> str:
    """Record one pass more, a second after the last attempt; the exercise's id."""
    session = Session.open(own)
    last = session.records.read_attempts()[-1]
    chosen = session.course.find_exercise(exercise or last.exercise)
    at = datetime.fromisoformat(last.at) + timedelta(seconds=1)
    names: dict[str, Status] = {claim.name: "passed" for claim in session.read_claims(chosen)}
    passed = replace(last, exercise=chosen.id, verdict="passed", at=at.isoformat(), mistake=None)
    digest = session.hash_checks(chosen)
    Records(own.progress).record(replace(passed, checks=names, checks_hash=digest))
    return chosen.id


def rendering(own: Workspace, times: int) -> list[Took]:
    """From nothing, after one grade in a new process and in one that has rendered, and MkDocs."""
    own.generated.mkdir(exist_ok=True)
    return [
        _middle("render from nothing, new process", own, RENDER, lambda: _bare(own), times),
        _middle("render after one grade, new process", own, RENDER, lambda: grade(own), times),
        _inside("render after one grade, same process", own, AGAIN * times),
        _inside("MkDocs' own time for these pages", own, MKDOCS),
    ]


def _bare(own: Workspace) -> None:
    shutil.rmtree(own.generated)


def commands(own: Workspace, times: int) -> list[Took]:
    """The quickest command, and what it is set beside."""
    status = [_took("grade status", own, [GRADE, "status"]) for _ in range(2 * times)]
    torch = [_took("import torch", own, _python("import torch")) for _ in range(2 * times)]
    return [_median(status), _median(torch)]


def _middle(
    what: str, own: Workspace, program: str, first: Callable[[], object], times: int
) -> Took:
    found = []
    for _ in range(times):
        first()
        found.append(_took(what, own, _python(program)))
    return _median(found)


def _inside(what: str, own: Workspace, program: str) -> Took:
    """What a program took after a first rendering, as it says itself line by line."""
    said = subprocess.run(
        _python(RENDER + program), cwd=own.root, capture_output=True, text=True, check=True
    )
    lines = [tuple(map(float, line.split())) for line in said.stdout.splitlines()]
    return _median([Took(what, clock, busy) for clock, busy in lines])


def _took(what: str, own: Workspace, command: Sequence[str]) -> Took:
    """One process, from its start to its end."""
    began = time.perf_counter()
    with Path(os.devnull).open("wb") as silence:
        process = subprocess.Popen(command, cwd=own.root, stdout=silence, stderr=silence)
        _, status, used = os.wait4(process.pid, 0)
    clock, process.returncode = time.perf_counter() - began, os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Broken(f"{what}: exit code {process.returncode}")
    return Took(what, clock, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def _median(found: Sequence[Took]) -> Took:
    return Took(
        found[0].what,
        median(took.clock for took in found),
        median(took.busy for took in found),
        median(took.megabytes for took in found),
    )
