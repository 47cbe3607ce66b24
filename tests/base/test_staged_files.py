"""Prepared files are put in place, again and again, and a learner's change is left alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from grader import __main__ as start
from grader.base.staged_files import (
    FOLDER,
    PLAN,
    SCHEMA,
    compute_fingerprint,
    put_in_place,
    read_plan,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a plan: one file is replaced, one is new, one is deleted."""
    for path, text in {"a.py": "old\n", "deep/gone.py": "gone\n"}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    prepared = tmp_path / FOLDER
    prepared.mkdir(parents=True)
    (prepared / "0").write_text("new\n", "utf-8")
    (prepared / "1").write_text("fresh\n", "utf-8")
    changes = [
        {"path": "a.py", "old": compute_fingerprint(tmp_path / "a.py"), "new": "0"},
        {"path": "fresh/b.py", "old": None, "new": "1"},
        {
            "path": "deep/gone.py",
            "old": compute_fingerprint(tmp_path / "deep/gone.py"),
            "new": None,
        },
    ]
    plan = {"schema": SCHEMA, "changes": changes, "state": {}}
    (prepared / PLAN).write_text(json.dumps(plan), "utf-8")
    return tmp_path


def test_each_change_is_made_once(root: Path) -> None:
    """Files are replaced, made and deleted with empty folders; a second time nothing happens."""
    for _ in range(2):
        assert put_in_place(root) == []
        assert (root / "a.py").read_text("utf-8") == "new\n"
        assert (root / "fresh/b.py").read_text("utf-8") == "fresh\n"
        assert not (root / "deep").exists()


def test_what_was_put_back_is_replaced_again(root: Path) -> None:
    """Where `git checkout` brought the old files back after a kill, the plan is carried out."""
    put_in_place(root)
    (root / "a.py").write_text("old\n", "utf-8")
    assert put_in_place(root) == []
    assert (root / "a.py").read_text("utf-8") == "new\n"


def test_a_changed_file_is_left_alone(root: Path) -> None:
    """What the learner saved in the meantime is neither replaced nor deleted, and is named."""
    (root / "a.py").write_text("mine\n", "utf-8")
    (root / "deep/gone.py").write_text("mine\n", "utf-8")
    (root / "fresh").mkdir()
    (root / "fresh/b.py").write_text("mine\n", "utf-8")
    assert put_in_place(root) == ["a.py", "deep/gone.py", "fresh/b.py"]
    assert {p.read_text("utf-8") for p in root.rglob("*.py")} == {"mine\n"}


def test_nothing_is_written_through_a_link(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A folder that is a link leads elsewhere: no file of the course is put there."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (root / "fresh").symlink_to(elsewhere)
    assert put_in_place(root) == ["fresh/b.py"]
    assert list(elsewhere.iterdir()) == []


def test_a_link_is_compared_by_its_target(tmp_path: Path) -> None:
    """A link, a file, a folder and nothing have different fingerprints."""
    (tmp_path / "file").write_text("x", "utf-8")
    (tmp_path / "link").symlink_to("file")
    names = ("file", "link", ".", "none", "file/below")
    marks = [compute_fingerprint(tmp_path / name) for name in names]
    assert marks[1:] == ["link file", "other", None, None]
    assert marks[0] is not None and marks[0].startswith("file ")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 99, "changes": []}'])
def test_without_a_whole_plan_nothing_is_done(root: Path, text: str) -> None:
    """A damaged plan, or one of a later version, is none."""
    (root / FOLDER / PLAN).write_text(text, "utf-8")
    assert read_plan(root) is None and put_in_place(root) is None
    assert (root / "a.py").read_text("utf-8") == "old\n"


def test_the_start_looks_where_the_plan_is() -> None:
    """`grade` looks for the plan by a path of its own, without loading this module."""
    assert os.path.relpath(start.UPDATE, start.ROOT) == str(FOLDER / PLAN)
