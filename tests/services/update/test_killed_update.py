"""An update that is killed at any moment loses nothing, and the next one completes it."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from course_repository import SOLVED, STUB, CourseRepository, git, read_files, update

from grader.services.update.clone_state import read_head
from grader.services.update.git import Git

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forks of this process"),
]
MINE = ("exercises/", "docs/notes/", "docs/log/", "progress/", "own.txt", "README.md")
STAGED = "staged, then changed again\n"
CHANGING = {
    "os.chmod",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "subprocess.Popen",
}
"""Events of Python's that change something on the disk, or start git; so does `open` to write."""
TIMED = 15
"""Kills at a random time, together with the git process that runs at that moment."""


@pytest.fixture(scope="module", params=["fork", "template"])
def clones(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a clone full of a learner's work, and the course one version on."""
    folder = tmp_path_factory.mktemp("killed")
    course = CourseRepository(folder)
    root = folder / "clone"
    (course.clone if request.param == "fork" else course.copy_as_template)(root)
    course.release()
    (root / "docs/log").mkdir(exist_ok=True)
    (root / "progress").mkdir()
    for path, text in {
        STUB: SOLVED,
        "docs/notes/a note.md": "# A note\n",
        "docs/log/2026-03-02.md": "# Monday\n",
        "progress/settings.toml": 'name = "Ada"\n',
        "own.txt": "untracked, outside the learner's folders\n",
        "README.md": "# Ada's\n",
        "mkdocs.yml": STAGED,
    }.items():
        (root / path).write_text(text, "utf-8")
    git(root, "add", "mkdocs.yml")
    (root / "mkdocs.yml").write_text("site_name: Ada's\n", "utf-8")
    git(root, "remote", "remove", "upstream")
    with (root / "progress" / "settings.toml").open("a") as file:
        file.write(f'upstream = "{course.bare}"\n')
    return folder


def run_in_fork(work: Callable[[], Any]) -> int:
    """Fork a process group that does the work; return its process."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        os.setpgid(0, 0)
        work()
        status = 0
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def kill_at_event(root: Path, number: int) -> bool:
    """Update, and kill the process at its ``number``-th step; return whether it came so far."""

    def work() -> None:
        count = 0

        def hear(event: str, values: tuple[Any, ...]) -> None:
            nonlocal count
            if event in CHANGING or (event == "open" and values[2] & (os.O_WRONLY | os.O_RDWR)):
                count += 1
                if count == number:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hear)
        update(root)

    _, status = os.waitpid(run_in_fork(work), 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def kill_at_time(root: Path, seconds: float) -> None:
    """Update, and kill the process with all of git's after some time."""
    child = run_in_fork(lambda: update(root))
    time.sleep(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)


def check_after_kill(root: Path, before: dict[str, bytes], expected: dict[str, bytes]) -> None:
    """Compare every byte of the learner's, then update again and compare everything."""
    now = read_files(root)
    assert {p: b for p, b in now.items() if p.startswith(MINE) and "triple" not in p} == {
        p: b for p, b in before.items() if p.startswith(MINE) and "triple" not in p
    }
    # Each file is the old one or the new one, never a part of either.
    assert [p for p in now if now[p] not in (before.get(p), expected.get(p))] == []
    child = run_in_fork(lambda: update(root))
    _, status = os.waitpid(child, 0)
    assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
    assert read_files(root) == expected
    assert git(root, "status", "--porcelain") == "M README.md\n?? own.txt"
    assert git(root, "fsck", "--no-dangling", "--connectivity-only") == ""
    assert sorted(path.name for path in (root / ".git").rglob("*.lock")) == []
    course = git(root, "rev-parse", "refs/groundwork/course")
    assert git(root, "merge-base", "HEAD", course) == course
    copies = git(root, "for-each-ref", "--format=%(refname)", "refs/groundwork").splitlines()
    kept = [name for name in copies if "before" in name]
    assert any(git(root, "show", f"{name}:mkdocs.yml") == "site_name: Ada's" for name in kept)
    assert any(git(root, "show", f"{name}^2:mkdocs.yml") == STAGED.strip() for name in kept)
    assert read_head(Git(root, root / "note")).branch == "refs/heads/main"


def test_killed_at_every_step_and_at_random_times(clones: Path, tmp_path: Path) -> None:
    """About a hundred kills, spread over the whole of an update: nothing is lost."""
    start, trial = clones / "clone", tmp_path / "trial"
    before = read_files(start)
    shutil.copytree(start, trial, symlinks=True)
    began = time.monotonic()
    os.waitpid(run_in_fork(lambda: update(trial)), 0)
    length, expected = time.monotonic() - began, read_files(trial)
    assert expected != before
    step = 4 if (clones / "clone.git").exists() else 10  # a template's copy differs at the start
    number, kills, chance = 1, 0, random.Random(7)
    while True:
        renew(start, trial)
        if not kill_at_event(trial, number):
            break
        check_after_kill(trial, before, expected)
        number, kills = number + step, kills + 1
    for _ in range(TIMED):
        renew(start, trial)
        kill_at_time(trial, chance.uniform(0, length))
        check_after_kill(trial, before, expected)
    print(f"{kills} kills at steps, {TIMED} at random times")
    assert kills * step > 200


def renew(start: Path, trial: Path) -> None:
    """Make the trial a fresh copy of the clone."""
    shutil.rmtree(trial)
    shutil.copytree(start, trial, symlinks=True)
