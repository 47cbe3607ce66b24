"""Small changes of each reference, put to its checks: one that none notices shows a gap."""

from __future__ import annotations

from collections.abc import Sequence

from grader.authoring.case import Case, read_case
from grader.authoring.equivalent_changes import drop_explained
from grader.authoring.mutant_tally import Tally
from grader.authoring.mutant_trials import MutantTrials, Tell, format_counts
from grader.authoring.proof_cache import ProofCache
from grader.base.cache import Cache
from grader.course.loader import files
from grader.course.model import Exercise
from grader.grading.client import Engine
from grader.services.parallel import Observer, SilentObserver
from grader.services.session import Session

KIND = "mutants"


def mutate(
    session: Session,
    engine: Engine,
    exercises: Sequence[Exercise],
    tell: Tell = lambda text: None,
    *,
    cached: bool = True,
    watch: Observer | None = None,
) -> list[Tally]:
    """Put every mutant of the exercises to their checks, and return which ones survive.

    ``tell`` hears a line per exercise, ``watch`` of each run. What was found before is not
    looked for again, unless ``cached`` is False.
    """
    entries = {found.id: found for found in files.read(session.workspace).iterate_exercises()}
    cases = [read_case(session, exercise, entries[exercise.id]) for exercise in exercises]
    tallies = _TallyCache(session)
    known = {case.exercise.id: tallies.read(case) if cached else None for case in cases}
    new = [case for case in cases if known[case.exercise.id] is None]
    for tally in filter(None, known.values()):
        tell(f"{tally.exercise}: {format_counts(tally)}, unchanged, tried before")
    trials = MutantTrials(session.workspace, engine, tell, watch or SilentObserver())
    for case, tally in trials.run(new):
        known[case.exercise.id] = tally
        if not tally.faults:
            tallies.keep(case, tally)
    return [
        tally if tally.faults else drop_explained(session.workspace, tally)
        for tally in known.values()
        if tally is not None
    ]


class _TallyCache:
    """The tallies of exercises whose files, and the tools, are as they were then."""

    def __init__(self, session: Session) -> None:
        self._keys = ProofCache(session.workspace, session.course)
        self._cache = Cache(session.workspace.cache)

    def read(self, case: Case) -> Tally | None:
        """Return what was found for this very exercise."""
        cached = self._cache.get(KIND, self._keys.hash_case(case))
        return (
            None
            if cached is None
            else Tally.from_cache(case.exercise.id, case.at.reference, cached)
        )

    def keep(self, case: Case, tally: Tally) -> None:
        """Keep what was found."""
        self._cache.put(tally.to_cache(), KIND, self._keys.hash_case(case))
