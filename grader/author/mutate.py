"""Small changes of each reference, put to its checks: one that none notices shows a gap."""

from __future__ import annotations

from collections.abc import Sequence

from grader.author.case import Case, read
from grader.author.equivalent import explained
from grader.author.mutants import Tell, Trials, counted
from grader.author.proved import Proved
from grader.author.survivor import Tally
from grader.cache import Cache
from grader.course import Exercise
from grader.curriculum import files
from grader.engine.client import Engine
from grader.practice import Desk
from grader.practice.lanes import Unwatched, Watch

KIND = "mutants"


def mutate(
    desk: Desk,
    engine: Engine,
    exercises: Sequence[Exercise],
    tell: Tell = lambda text: None,
    *,
    cached: bool = True,
    watch: Watch | None = None,
) -> list[Tally]:
    """Put every mutant of the exercises to their checks, and say which ones survive.

    ``tell`` hears a line per exercise, ``watch`` of each run. What was found before is not
    looked for again, unless ``cached`` is False.
    """
    entries = {found.id: found for found in files.read(desk.workspace).exercises()}
    cases = [read(desk.workspace, exercise, entries[exercise.id]) for exercise in exercises]
    memory = _Memory(desk)
    known = {case.exercise.id: memory.tally(case) if cached else None for case in cases}
    new = [case for case in cases if known[case.exercise.id] is None]
    for tally in filter(None, known.values()):
        tell(f"{tally.exercise}: {counted(tally)}, known before")
    trials = Trials(desk.workspace, engine, tell, watch or Unwatched())
    for case, tally in trials.hold(new):
        known[case.exercise.id] = tally
        if not tally.faults:
            memory.keep(case, tally)
    return [
        tally if tally.faults else explained(desk.workspace, tally)
        for tally in known.values()
        if tally is not None
    ]


class _Memory:
    """The tallies of exercises whose files, and the tools, are as they were then."""

    def __init__(self, desk: Desk) -> None:
        self._keys = Proved(desk.workspace, desk.course)
        self._cache = Cache(desk.workspace.cache)

    def tally(self, case: Case) -> Tally | None:
        """What was found of this very exercise."""
        kept = self._cache.get(KIND, self._keys.key(case))
        return None if kept is None else Tally.of(case.exercise.id, case.at.reference, kept)

    def keep(self, case: Case, tally: Tally) -> None:
        """Keep what was found."""
        self._cache.put(tally.kept(), KIND, self._keys.key(case))
