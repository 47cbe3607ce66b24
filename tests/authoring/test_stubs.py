"""Stubs: written where they are missing, and never over a learner's file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader.authoring import find_stub_faults, write_stubs
from grader.course.source.stub import make_stub


def test_each_missing_stub_is_written(begin: Any) -> None:
    """Every exercise gets its reference blanked; a second time there is nothing to do."""
    small = begin("one", "two")
    paths = tuple(small.part(name, "stub") for name in ("one", "two"))
    done = write_stubs(small.open_session())
    assert (done.written, done.kept) == (paths, ())
    reference = small.part("one", "reference").read_text("utf-8")
    assert paths[0].read_text("utf-8") == make_stub(reference, ["twice"])
    again = write_stubs(small.open_session())
    assert (again.written, again.kept) == ((), ())


def test_a_learners_file_is_kept(begin: Any) -> None:
    """A file that differs is named and stays as it is, whatever it is."""
    small = begin("one", "two", "three")
    small.stubs()
    mine, link = small.part("one", "stub"), small.part("two", "stub")
    mine.write_text("x = 1\n", "utf-8")
    link.unlink()
    link.symlink_to(mine)
    done = write_stubs(small.open_session())
    assert (done.written, done.kept) == ((), (mine, link))
    assert mine.read_text("utf-8") == "x = 1\n"
    assert link.is_symlink()


def test_each_difference_is_a_fault_with_its_line(begin: Any) -> None:
    """A missing, an edited and a longer file are named; Windows' line ends are no difference."""
    small = begin("one", "two", "three", "four")
    small.stubs()
    paths = {name: small.part(name, "stub") for name in ("one", "two", "three", "four")}
    paths["one"].unlink()
    small.edit("two", "stub", "Double each", "Double every")
    text = paths["three"].read_text("utf-8")
    paths["three"].write_text(text + "x = 1\n", "utf-8")
    paths["four"].write_bytes(paths["four"].read_bytes().replace(b"\n", b"\r\n"))
    edited = small.line(paths["two"], "Double every")
    assert [(fault.path, fault.line) for fault in find_stub_faults(small.open_session())] == [
        (Path("exercises/demo/one.py"), 1),
        (Path("exercises/demo/three.py"), text.count("\n") + 1),
        (Path("exercises/demo/two.py"), edited),
    ]


def test_a_reference_that_cannot_be_blanked_is_a_fault(small: Any) -> None:
    """What unit.yml names has to be in the reference."""
    small.edit("twice", "reference", "def twice", "def double")
    (fault,) = find_stub_faults(small.open_session())
    assert "the reference has no twice" in fault.problem
