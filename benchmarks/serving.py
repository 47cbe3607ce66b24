"""``grade site serve`` at work: what it takes while nothing happens, and until a pass shows."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import psutil

from benchmarks.clone import GRADE, Broken
from benchmarks.rendering import Took, grade
from grader.base.paths import Workspace
from grader.services.session import Session

PATIENCE = 300.0
IDLE = 10.0
"""Seconds over which an idle server is watched."""
PASSED = "● passed</span> on"
"""What the page of an exercise says once it is passed."""


def serving(own: Workspace, times: int) -> list[Took]:
    """Serving at rest, and from a pass on disk to the page that shows it."""
    open_still = list(Session.open(own).read_progress().states.items())
    waiting = [exercise for exercise, state in open_still if state != "passed"][-times:]
    with _server(own) as (process, address):
        _until(address, "index.html", "<html")
        time.sleep(3)
        before = _busy(process)
        time.sleep(IDLE)
        rest = Took("site serve at rest, a second", 1.0, (_busy(process) - before) / IDLE)
        return [rest, _shown(own, process, address, waiting)]


def _shown(own: Workspace, process: psutil.Process, address: str, waiting: list[str]) -> Took:
    found = []
    for exercise in waiting:
        page, before = f"units/{exercise}.html", _busy(process)
        began = time.perf_counter()
        grade(own, exercise)
        _until(address, page, PASSED)
        shown = time.perf_counter() - began
        time.sleep(2)
        found.append((shown, _busy(process) - before))
    memory = process.memory_info().rss / 2**20
    shown, busy = (median(numbers) for numbers in zip(*found, strict=True))
    return Took("a pass, until its page shows it", shown, busy, memory)


def _until(address: str, page: str, text: str) -> None:
    end = time.monotonic() + PATIENCE
    while text not in _fetched(f"{address}/{page}"):
        if time.monotonic() > end:
            raise Broken(f"{page} never showed {text!r}")
        time.sleep(0.05)


def _fetched(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def _busy(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


@contextmanager
def _server(own: Workspace) -> Iterator[tuple[psutil.Process, str]]:
    """MkDocs below ``grade site serve``, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    below: list[psutil.Process] = []
    command = [GRADE, "site", "serve", "--port", str(port)]
    serving = subprocess.Popen(command, cwd=own.root, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + PATIENCE
        while not (below := psutil.Process(serving.pid).children()):
            if time.monotonic() > end:
                raise Broken("grade site serve started nothing")
            time.sleep(0.05)
        yield below[0], f"http://127.0.0.1:{port}"
    finally:
        for process in below:
            process.terminate()  # a shell's background job hears no interrupt
        serving.terminate()
        serving.wait(timeout=30)
