"""Which blind trials were graded as they stand, and what came out: a ledger beside the answers.

An entry's hash covers the answers, the exercise, what it builds on, and the code that grades. While
it fits, grading the answers again would show the same, so the tests grade only the others. Versions
of Python and of libraries are not part of it: the ledger is committed, and read on other machines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from grader.authoring.blind_answers import BlindAnswer, BlindResult, TrialCount, count_results
from grader.base.cache import hash_files, hash_sources
from grader.base.errors import CourseError, Fault
from grader.base.files import write_file
from grader.base.paths import GRADER
from grader.course.model import Exercise
from grader.course.source.shared import read_with_shared
from grader.services.session import Session

NAME = "ledger.json"
TOOLS = ("grading", "course/source", "checks.py", "services/grading.py")
"""What decides how an answer is graded."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What an exercise's answers came to, and for which files."""

    hash: str
    count: dict[str, int]


class TrialLedger:
    """The ledger of a folder of answers."""

    def __init__(self, session: Session, folder: Path) -> None:
        """``CourseError`` where the file is there and is no ledger."""
        self._session, self._path = session, folder / NAME
        self._entries = _read(self._path)

    def find(self, exercise: Exercise, answers: Sequence[BlindAnswer]) -> TrialCount | None:
        """Return what the answers came to, if nothing has changed since; else None."""
        entry = self._entries.get(exercise.id)
        if entry is None or entry.hash != self._hash(exercise, answers):
            return None
        return TrialCount(exercise.id, **entry.count)

    def list_changed(self, answers: Iterable[BlindAnswer]) -> list[BlindAnswer]:
        """Return the answers of the exercises that are to be graded again."""
        return [
            answer
            for exercise, given in _group_by_exercise(answers)
            if self.find(exercise, given) is None
            for answer in given
        ]

    def keep(self, results: Iterable[BlindResult]) -> list[str]:
        """Write down the exercises without a misjudged answer; return their names."""
        results = list(results)
        kept = []
        for exercise, given in _group_by_exercise(result.answer for result in results):
            own = [one for one in results if one.answer.exercise.id == exercise.id]
            self._entries.pop(exercise.id, None)
            if not any(one.is_misjudged for one in own):
                (count,) = count_results(own)
                figures = {key: n for key, n in asdict(count).items() if key != "exercise"}
                self._entries[exercise.id] = _Entry(self._hash(exercise, given), figures)
                kept.append(exercise.id)
        self._write()
        return kept

    def _write(self) -> None:
        # A line for each exercise, sorted: two branches that grade different ones merge.
        lines = [
            f"  {json.dumps(name)}: {json.dumps(asdict(self._entries[name]))}"
            for name in sorted(self._entries)
        ]
        write_file(self._path, "{\n" + ",\n".join(lines) + "\n}\n")

    def _hash(self, exercise: Exercise, answers: Sequence[BlindAnswer]) -> str:
        workspace, reach = self._session.workspace, self._session.course.list_reach(exercise)
        checks = read_with_shared(workspace.locate_checks(exercise.id))
        own = (workspace.locate_reference(exercise.id), workspace.locate_mistakes(exercise.id))
        others = map(workspace.locate_reference, reach)
        texts = [path.read_text("utf-8") for path in (*own, *others)]
        given = sorted((answer.path.name, answer.path.read_text("utf-8")) for answer in answers)
        asked = repr((exercise.writes, exercise.forbids, reach, exercise.seconds))
        texts += [text for one in given for text in one]
        return hash_sources(self._tools, asked, checks, *texts)[:32]

    @cached_property
    def _tools(self) -> str:
        files = [file for tool in TOOLS for file in _list_code(GRADER / tool)]
        return hash_files(*files)


def _read(path: Path) -> dict[str, _Entry]:
    try:
        found = json.loads(path.read_text("utf-8"))
        return {name: _Entry(str(one["hash"]), dict(one["count"])) for name, one in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        remedy = "restore it, or delete it and run: grade author trial FOLDER --write"
        problem = f"no ledger of trials: {error}"
        raise CourseError([Fault(path, 1, 1, problem, remedy)]) from error


def _group_by_exercise(
    answers: Iterable[BlindAnswer],
) -> list[tuple[Exercise, list[BlindAnswer]]]:
    groups: dict[str, tuple[Exercise, list[BlindAnswer]]] = {}
    for answer in answers:
        groups.setdefault(answer.exercise.id, (answer.exercise, []))[1].append(answer)
    return list(groups.values())


def _list_code(tool: Path) -> list[Path]:
    return [tool] if tool.is_file() else sorted([*tool.rglob("*.py"), *tool.rglob("*.ini")])
