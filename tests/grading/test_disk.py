"""The disk as a prop: changes of files are counted, and a file can be limited in size."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from small_course import Bench, statuses

SOURCE = '''
import os
import shutil
from pathlib import Path


def save(path, text):
    """Write beside, then rename."""
    other = path + ".new"
    Path(other).write_text(text)
    os.replace(other, path)


def read(path):
    return Path(path).read_text()


def change(path):
    """Make seven changes, and some that do not count."""
    read(path)
    with open(path, "r+") as file:
        file.truncate(1)
    with open(path, "a") as file:
        file.write("b")
    os.truncate(path, 1)
    os.link(path, path + ".linked")
    os.symlink(path, path + ".symbolic")
    os.rename(path + ".linked", path + ".renamed")
    os.remove(path + ".renamed")
    os.listdir(os.path.dirname(path))


def go_elsewhere(path, other):
    Path(other).write_text("a")
    shutil.move(other, path)
'''
CHECKS = '''
from pathlib import Path

import pytest

from grader.checks import equal


def test_one_changes_are_counted(save, change, prop, tmp_path):
    """It."""
    disk, path = prop("Disk", str(tmp_path)), str(tmp_path / "a")
    save(path, "first")
    equal(disk.calls, 2)
    change(path)
    equal(disk.calls, 9)
    equal((disk.count_lost(path), disk.count_replaced(path)), (0, 1))
    equal((disk.count_lost(path + ".linked"), disk.count_files()), (1, 2))
    equal((disk.moved_in, disk.limited), (0, True))
    disk.cut(path, -1)
    equal((tmp_path / "a").read_text(), "")
    disk.release()
    save(path, "second")
    equal(disk.calls, 9)


def test_two_a_change_can_be_the_last(save, prop, killed, tmp_path):
    """It."""
    path = tmp_path / "a"
    for number, names in ((1, []), (2, ["a.new"])):
        killed(save, str(path), "first", at=(prop("Disk", str(tmp_path)), number))
        equal(sorted(entry.name for entry in tmp_path.iterdir()), names)
    save(str(path), "second")
    equal(path.read_text(), "second")


def test_three_a_full_disk(save, read, prop, tmp_path):
    """It."""
    path = str(tmp_path / "a")
    save(path, "first")
    disk = prop("Disk", str(tmp_path), 0.6)
    with pytest.raises(OSError):
        save(path, "second")
    equal(disk.calls, 1)
    save(path, "3rd")
    disk.release()
    save(path, "fourth")
    equal((disk.calls, read(path)), (1, "fourth"))


def test_four_a_write_that_fails_can_be_the_last(save, prop, killed, tmp_path):
    """It."""
    killed(save, str(tmp_path / "a"), "first", at=(prop("Disk", str(tmp_path), 3), 1))
    equal((tmp_path / "a.new").read_text(), "fir")
    save(str(tmp_path / "a"), "longer")


def test_five_the_next_check_has_no_limit(save, read, prop, tmp_path):
    """It."""
    save(str(tmp_path / "a"), "longer")
    prop("Disk", str(tmp_path), 2)


def test_six_files_elsewhere(save, go_elsewhere, prop, tmp_path):
    """It."""
    save(str(tmp_path / "a"), "longer")
    (tmp_path / "b").mkdir()
    disk, other = prop("Disk", str(tmp_path / "b")), str(tmp_path / "c")
    go_elsewhere(str(tmp_path / "b" / "d"), other)
    equal((disk.moved_in, disk.calls), (1, 1))
'''


def test_changes_of_files_are_counted_and_limited(bench: Bench) -> None:
    """Each check finds the disk as it should be, whatever the one before did to it."""
    bench.checks(CHECKS)
    report = bench.grade(SOURCE, seconds=60.0)
    assert [(f.name, f.message) for f in report.findings if f.status != "passed"] == []
    assert len(report.findings) == 6 and not report.fault and not report.worker_killed


def test_a_save_that_swallows_the_error_fails_the_claim(bench: Bench) -> None:
    """What a full disk does to the code is the claim of a check like any other."""
    bench.checks(CHECKS)
    silent = "    try:\n        Path(other).write_text(text)\n    except OSError:\n        pass\n"
    report = bench.grade(
        SOURCE.replace("    Path(other).write_text(text)\n    os", silent + "    os")
    )
    assert statuses(report)[2] == "failed" and "OSError" in report.findings[2].message


@pytest.mark.slow
def test_the_same_in_one_process(bench: Bench) -> None:
    """Plain pytest counts and limits alike, and has no limit left afterwards."""
    bench.checks(CHECKS)
    (bench.root / "exercises" / "demo" / "twice.py").write_text(SOURCE)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "grader.grading.local"),
            *("-p", "no:cacheprovider", "--rootdir", str(bench.root), str(bench.check_file)),
        ],
        capture_output=True,
        text=True,
        cwd=bench.root,
    ).stdout
    assert "6 passed" in done, done
