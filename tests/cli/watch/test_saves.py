"""Every way in which an editor saves is one save, and grades the newest text once."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from editors import SAVES, Save, in_place
from terminal import Terminal, until

from grader.base.paths import Workspace
from grader.cli.watch.exercise_files import ExerciseFiles
from grader.cli.watch.mounts import get_silent_kind

from .conftest import COMMAND, MASK, SOFTMAX, Clone, Watch


@pytest.fixture(scope="module", params=["told", "polled"])
def shared(
    untouched: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[Clone, Terminal]]:
    """One watch for all editors: the system tells of changes, or files are polled."""
    root = tmp_path_factory.mktemp("shared") / "clone"
    clone = Clone(Path(shutil.copytree(untouched, root)))
    poll = ["--poll"] if request.param == "polled" else []
    terminal = Terminal([*COMMAND, SOFTMAX, *poll], root)
    terminal.until("open: not written yet")
    yield clone, terminal
    terminal.close()


@pytest.mark.slow
@pytest.mark.parametrize("save", SAVES, ids=lambda save: save.__name__)
def test_an_editors_save_is_graded_once(shared: tuple[Clone, Terminal], save: Save) -> None:
    """The newest text has its verdict on the screen, and one attempt each is recorded."""
    clone, terminal = shared
    before = clone.attempts()
    save(clone.file(), f"{clone.wrong()}# {save.__name__}\n")
    terminal.until("not yet: 10 of 15")
    terminal.until("Looks like")
    save(clone.file(), f"{clone.right()}# {save.__name__}\n")
    terminal.until("passed, 15 of 15")
    save(clone.file(), f"{clone.right()}# {save.__name__}\n")
    time.sleep(0.4)
    assert clone.attempts() == before + 2


def test_vim_itself(clone: Clone, watch: Watch) -> None:
    """The real editor, with its swap file and backup, saves twice."""
    vim = shutil.which("vim")
    if vim is None:
        pytest.skip("vim is not installed")
    terminal = watch(SOFTMAX)
    terminal.until("open: not written yet")
    for text, words in ((clone.wrong(), "not yet: 10 of 15"), (clone.right(), "passed, 15 of 15")):
        source = clone.root / "text.py"
        source.write_text(text, "utf-8")
        keys = ["-c", "%d", "-c", f"0r {source}", "-c", "set backup", "-c", "wq"]
        subprocess.run(
            [vim, "-u", "NONE", "-es", str(clone.file()), *keys], timeout=20, check=False
        )
        terminal.until(words)
    assert clone.attempts() == 2


def test_a_save_ends_the_run_of_an_older_text(clone: Clone, watch: Watch) -> None:
    """The stale run is neither shown nor recorded; the newest text is graded at once."""
    terminal = watch(SOFTMAX)
    terminal.until("open: not written yet")
    in_place(clone.file(), clone.endless())
    terminal.until(lambda text: "starting the grader" in text or "checking" in text)
    time.sleep(1.0)
    began = time.monotonic()
    in_place(clone.file(), clone.right())
    assert "TIME" not in terminal.until("passed, 15 of 15")
    assert time.monotonic() - began < 5
    assert clone.attempts() == 1


def test_a_file_saved_half_way_says_so_and_the_next_save_counts(clone: Clone, watch: Watch) -> None:
    """A torn text is told with its line; the whole text that follows is graded."""
    text = clone.right()
    terminal = watch(SOFTMAX)
    terminal.until("open: not written yet")
    in_place(clone.file(), text[: text.index("shifted.exp(") + len("shifted.exp(")])
    assert f"exercises/{SOFTMAX}.py:" in terminal.until("cannot be graded")
    in_place(clone.file(), text)
    terminal.until("passed, 15 of 15")


@pytest.mark.slow
def test_a_renamed_folder_is_followed_when_it_comes_back(clone: Clone, watch: Watch) -> None:
    """What is gone is said; once the folder is back under its name, saves in it count."""
    clone.file().write_text(clone.wrong(), "utf-8")
    terminal = watch(SOFTMAX)
    terminal.until("not yet: 10 of 15")
    unit = clone.file().parent
    unit.rename(unit.with_name("elsewhere"))
    terminal.until("gone: ")
    unit.with_name("elsewhere").rename(unit)
    terminal.until(lambda text: "gone: " not in text and "not yet: 10 of 15" in text)
    in_place(clone.file(), clone.right())
    terminal.until("passed, 15 of 15")


@pytest.mark.slow
def test_all_exercises_taken_away_and_put_back(clone: Clone, watch: Watch) -> None:
    """The watched folder itself may go and come again."""
    terminal = watch(SOFTMAX)
    terminal.until("open: not written yet")
    exercises = clone.root / "exercises"
    exercises.rename(clone.root / "kept")
    terminal.until("gone: ")
    shutil.copytree(clone.root / "kept", exercises)
    time.sleep(0.5)
    in_place(clone.file(), clone.right())
    terminal.until("passed, 15 of 15")


def test_saving_another_exercise_takes_it_in_hand(clone: Clone, watch: Watch) -> None:
    """Also when it is saved as it was; and of several that are saved, each has its verdict."""
    terminal = watch(SOFTMAX)
    terminal.until("open: not written yet")
    in_place(clone.file(MASK), clone.file(MASK).read_text("utf-8"))
    terminal.until(f"{MASK}  open")
    in_place(clone.file(), clone.right())
    in_place(clone.file(MASK), clone.right(MASK))
    terminal.until(lambda text: f"{MASK}  passed" in text and "2 of" in text)
    until(lambda: (clone.attempts(), clone.attempts(MASK)) == (1, 1))


@pytest.mark.slow
def test_a_changed_course_is_taken_up(clone: Clone, watch: Watch) -> None:
    """A fault in the course is named with its line, and watching goes on until it is mended."""
    unit = clone.root / "curriculum" / "attention" / "unit.yml"
    good = unit.read_text("utf-8")
    terminal = watch(SOFTMAX)
    terminal.until("open: not written yet")
    unit.write_text(good + "\n  wrong: [\n", "utf-8")
    terminal.until("attention/unit.yml:")
    in_place(clone.file(), clone.right())
    terminal.until("passed, 15 of 15")
    unit.write_text(good.replace("title: Softmax", "title: Softmax renamed", 1), "utf-8")
    terminal.until("Softmax renamed")


def test_a_touch_is_no_save(clone: Clone) -> None:
    """A new time on the same content is told apart from a new content."""
    folder = ExerciseFiles(Workspace(clone.root), lambda: [SOFTMAX, MASK])
    assert not folder.look()
    clone.file().touch()
    assert (folder.look().saved, folder.look().touched) == ((), ())
    clone.file().write_text("other", "utf-8")
    assert folder.look().saved == (SOFTMAX,)
    assert not folder.look()


class Partition(NamedTuple):
    """A mount as psutil gives it."""

    mountpoint: str
    fstype: str
    opts: str = "rw"


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/ada/course", ""),
        ("/mnt/share/course", "nfs4"),
        ("/mnt/share/local/course", ""),
        ("/mnt/c/course", "9p"),
        ("/remote/course", "fuse.sshfs"),
    ],
)
def test_mounts_that_tell_of_no_change_are_known(folder: str, kind: str) -> None:
    """The innermost mount decides: network, shared with a host, or a disk of this machine."""
    mounts = [
        Partition("/", "ext4"),
        Partition("/mnt/share", "nfs4"),
        Partition("/mnt/share/local", "xfs"),
        Partition("/mnt/c", "9p"),
        Partition("/remote", "fuse.sshfs"),
    ]
    assert get_silent_kind(Path(folder), mounts) == kind
