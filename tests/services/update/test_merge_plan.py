"""What an update makes of each path, by three trees alone."""

from __future__ import annotations

import pytest

from grader.services.update.course_source import find_most_alike
from grader.services.update.making import order_changes
from grader.services.update.merge_plan import build_result, plan_merge
from grader.services.update.trees import Entry

STUB, COURSE = "exercises/numbers/double.py", "mkdocs.yml"


def tree(**names: str) -> dict[str, Entry]:
    """A tree of plain files by path, where `__` is a slash; each is named by its content."""
    return {path.replace("__", "/"): Entry("100644", name) for path, name in names.items()}


def one(path: str, name: str) -> dict[str, Entry]:
    """A tree with one file, or with none where its content is empty."""
    return {path: Entry("100644", name)} if name else {}


@pytest.mark.parametrize(
    ("path", "base", "ours", "course", "choice"),
    [
        (STUB, "1", "1", "2", "course"),
        (STUB, "1", "mine", "1", "ours"),
        (STUB, "1", "mine", "2", "kept"),
        (STUB, "1", "2", "2", "ours"),
        (STUB, "", "mine", "2", "kept"),
        (STUB, "1", "", "2", "kept"),
        (STUB, "1", "mine", "", "kept"),
        (STUB, "1", "1", "", "course"),
        (STUB, "", "", "2", "course"),
        (COURSE, "1", "1", "2", "course"),
        (COURSE, "1", "mine", "1", "ours"),
        (COURSE, "1", "mine", "2", "merge"),
        (COURSE, "1", "mine", "", "replaced"),
        (COURSE, "1", "", "2", "replaced"),
        (COURSE, "", "mine", "2", "replaced"),
        ("AGENTS.md", "1", "1", "2", "course"),
        ("AGENTS.md", "1", "mine", "2", "merge"),
        ("README.md", "1", "mine", "2", "kept"),
        ("README.md", "1", "", "2", "replaced"),
        ("docs/notes", "", "mine", "2", "kept"),
        ("exercises.md", "1", "mine", "2", "merge"),
    ],
)
def test_a_choice_follows_from_three_contents(
    path: str, base: str, ours: str, course: str, choice: str
) -> None:
    """Whose version is taken depends on who has changed it, and on whose file it is."""
    plan = plan_merge(one(path, base), one(path, ours), one(path, course))
    assert plan.choices[path] == choice
    result = build_result(plan, one(path, ours), one(path, course), {path: None})
    expected = ours if choice in ("ours", "kept") else course
    assert result == one(path, expected)


def test_links_are_not_merged_by_lines() -> None:
    """A link's content is no text: where both changed it, the course's counts."""
    sides = [{COURSE: Entry("120000", name)} for name in ("1", "mine", "2")]
    assert plan_merge(*sides).choices[COURSE] == "replaced"


def test_a_file_in_the_place_of_a_folder_is_found() -> None:
    """Among the learner's folders the course's path is left out; elsewhere it is an obstacle."""
    mine, course = tree(exercises__new="mine"), tree(exercises__new__one__py="2")
    plan = plan_merge({}, mine, course)
    assert build_result(plan, mine, course, {}) == mine and plan.obstacles == ()
    mine, course = tree(exercises__new__mine="mine"), tree(exercises__new="2")
    plan = plan_merge({}, mine, course)
    assert build_result(plan, mine, course, {}) == mine and plan.obstacles == ()
    assert plan_merge({}, tree(docs__new="mine"), tree(docs__new__md="2")).obstacles == (
        "docs/new",
    )
    assert plan_merge({}, tree(docs__new__md="mine"), tree(docs__new="2")).obstacles == (
        "docs/new/md",
    )
    assert plan_merge(tree(a="1"), tree(a="1"), tree(a__b="2")).obstacles == ()


def test_files_are_changed_in_a_safe_order() -> None:
    """What starts the tool is written last, and deletions follow, unless a name is needed."""
    entry = Entry("100644", "1")
    changes = {
        "grader/old.py": None,
        "grader/__main__.py": entry,
        "grader/zeta.py": entry,
        "guide": None,
        "guide/start.md": entry,
        "plan/a.md": None,
        "plan": entry,
    }
    assert order_changes(changes) == [
        "guide",
        "plan/a.md",
        "grader/zeta.py",
        "guide/start.md",
        "plan",
        "grader/__main__.py",
        "grader/old.py",
    ]


def test_the_version_that_a_copy_was_made_from_is_found() -> None:
    """Most files in common decide; a file that was deleted since tells two versions apart."""
    latest = tree(a="3", b="2")
    zero = "0" * 40
    versions = [
        ("fourth", [("c", "1", zero)]),
        ("third", [("a", "2", "3")]),
        ("second", [("a", "1", "2"), ("b", zero, "2"), ("c", zero, "1")]),
        ("first", [("a", zero, "1")]),
    ]
    found = [
        find_most_alike(tree(**ours), latest, iter(versions))[0]
        for ours in (
            {"a": "1", "mine": "x"},
            {"a": "2", "b": "2", "c": "1"},
            {"a": "3", "b": "mine", "c": "1"},
            {"a": "3", "b": "2", "mine": "x"},
        )
    ]
    assert found == ["first", "second", "third", "fourth"]
    assert find_most_alike(tree(z="1"), latest, iter(versions))[1] == 0
