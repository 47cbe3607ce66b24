"""What an update means for the learner's exercises: stale passes, new sentences of contracts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from grader.course.source.contract_changes import find_new_sentences
from grader.course.source.shared import NAME as SHARED
from grader.course.source.shared import join_shared, uses_shared
from grader.grading.outcome import Standing
from grader.services.session import hash_contract
from grader.services.update.trees import Tree, TreeStore

_CHECK_FILE = re.compile(r"curriculum/([^/]+)/check_([^/]+)\.py")


@dataclass(frozen=True, slots=True)
class ContractNews:
    """What the new course asks of one exercise that the learner has worked on."""

    exercise: str
    stale: bool
    """Whether a pass becomes stale."""
    sentences: tuple[str, ...]
    """Sentences of the new contract that neither the earlier one nor the learner's file has."""


@dataclass(frozen=True, slots=True)
class CourseTexts:
    """The texts of a course in one tree, by path."""

    texts: Mapping[str, str]

    def list_exercises(self) -> list[str]:
        """Return the ids of the exercises that have checks."""
        found = (_CHECK_FILE.fullmatch(path) for path in self.texts)
        return sorted(f"{match[1]}/{match[2]}" for match in found if match)

    def read_stub(self, exercise: str) -> str:
        """Return the text of an exercise's file."""
        return self.texts.get(f"exercises/{exercise}.py", "")

    def compute_hash(self, exercise: str) -> str:
        """Return the hash of an exercise's checks and stub; empty if the course has none."""
        unit, _, name = exercise.partition("/")
        checks = self.texts.get(f"curriculum/{unit}/check_{name}.py")
        if checks is None:
            return ""
        if uses_shared(checks):
            checks = join_shared(checks, self.texts.get(f"curriculum/{unit}/{SHARED}", ""))
        return hash_contract(checks, self.read_stub(exercise))


def read_course_texts(trees: TreeStore, tree: Tree) -> CourseTexts:
    """Read the check files and exercises of a tree."""
    wanted = {path: entry.object for path, entry in tree.items() if _is_course_text(path)}
    contents = trees.read_objects(wanted.values())
    texts = {path: contents[name].decode("utf-8", "replace") for path, name in wanted.items()}
    return CourseTexts(texts)


def _is_course_text(path: str) -> bool:
    shared = path.startswith("curriculum/") and path.endswith(f"/{SHARED}")
    exercise = path.startswith("exercises/") and path.endswith(".py")
    return bool(shared or exercise or _CHECK_FILE.fullmatch(path))


def find_contract_news(
    before: CourseTexts,
    after: CourseTexts,
    own: CourseTexts,
    standings: Mapping[str, Standing],
    kept: Iterable[str],
) -> Iterator[ContractNews]:
    """Yield what is new for each exercise that was passed, or whose changed file is kept.

    A pass that was stale before the update is none of its news.
    """
    kept = set(kept)
    for exercise in after.list_exercises():
        standing = standings.get(exercise)
        passed = standing.passed_checks_hash if standing else None
        was_fresh = passed is not None and passed == before.compute_hash(exercise)
        stale = was_fresh and passed != after.compute_hash(exercise)
        if not stale and f"exercises/{exercise}.py" not in kept:
            continue
        known = f"{before.read_stub(exercise)}\n{own.read_stub(exercise)}"
        sentences = find_new_sentences(after.read_stub(exercise), known)
        yield ContractNews(exercise, stale, tuple(sentences))


def needs_reinstall(before: bytes, after: bytes) -> bool:
    """Return True if two versions of ``pyproject.toml`` require or install different things."""
    return _read_installed(before) != _read_installed(after)


def _read_installed(text: bytes) -> object:
    try:
        project = tomllib.loads(text.decode("utf-8"))["project"]
        return [project.get(key) for key in ("dependencies", "requires-python", "scripts")]
    except (ValueError, LookupError, AttributeError):
        return None
