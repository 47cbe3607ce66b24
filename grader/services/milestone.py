"""A milestone run on the learner's passed parts, and what it has shown kept in the records."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from grader.base import clock
from grader.base.errors import UsageError
from grader.course.model import Exercise, Milestone
from grader.grading.outcome import Standing
from grader.learner.model import MilestoneRecord
from grader.learner.records.tables import open_milestones
from grader.milestones import Continued, Evaluation, Event, Figure, Parts, Piece, Reached
from grader.milestones.run import LONGEST, MilestoneRun, Owner, Settings
from grader.services.own_parts import list_imports
from grader.services.session import Session
from grader.services.submission import read_leniently

MOST_EVALUATIONS = 500
"""As many points of a curve, and as many samples, are kept: the first and the last ones."""
WRITTEN, MOST_WRITTEN = "written", 2_000
"""The sample of what a program writes outside of training, and how much of it is kept."""
WORDS: dict[Owner, str] = {"exercises": "yours", "solutions": "reference"}
MOST_NAMED = 6
"""As many parts that are not the learner's yet are named in the result."""
SPARE_SECONDS = 600.0
"""How much longer than it trains a run may take, for its start, its evaluations and samples."""


class PartOwner(NamedTuple):
    """An exercise that a milestone builds on, and whose code is run for it."""

    exercise: Exercise
    owner: Owner


def find_milestone(session: Session, name: str) -> Milestone:
    """Return the milestone of that name; ``UsageError`` says which there are."""
    for milestone in session.course.milestones:
        if milestone.id == name:
            return milestone
    known = ", ".join(milestone.id for milestone in session.course.milestones) or "none"
    raise UsageError(f"no milestone is called {name!r}; there are: {known}")


def choose_settings(milestone: Milestone, **given: Any) -> Settings:
    """Return what a run is told; ``given`` are fields of ``Settings``, None where nothing is said.

    ``UsageError`` for a model that it does not train, or where it trains none at all.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    known = [model.id for model in milestone.models]
    if not known:
        told = sorted(chosen.keys() & {"model", "minutes", "device", "fresh"})
        if told:
            raise UsageError(f"{milestone.id} trains no model: leave out --{told[0]}")
        return Settings(**chosen)
    if chosen.setdefault("model", known[0]) not in known:
        raise UsageError(
            f"{milestone.id} trains no model {chosen['model']!r}; there are: {', '.join(known)}"
        )
    return Settings(**chosen)


def list_owners(session: Session, milestone: Milestone, model: str = "") -> tuple[PartOwner, ...]:
    """Return what a milestone's program imports, directly or not, with whose code runs.

    ``model`` is the kind that it trains; what only another kind runs on is left out. A part is the
    learner's from its first pass on; whether they have changed it since shows in the hash that the
    record keeps. In course order.
    """
    program = session.workspace.locate_milestone(milestone.id)
    text = program.read_text("utf-8") if program.is_file() else ""
    passed, known = list_passed(session), {e.id: e for e in session.course.iterate_exercises()}
    others = {name for one in milestone.models if one.id != model for name in one.exercises}
    waiting = [name for name in list_imports(text, "milestones/program") if name not in others]
    owners = dict[str, Owner]()
    while waiting:
        name = waiting.pop()
        if name in known and name not in owners:
            owners[name] = "exercises" if name in passed else "solutions"
            path = session.workspace.root / owners[name] / f"{name}.py"
            waiting += list_imports(read_leniently(path), name)
    return tuple(PartOwner(known[name], owners[name]) for name in known if name in owners)


def list_passed(session: Session) -> frozenset[str]:
    """Return the exercises that have been passed and whose file is there."""
    standings: dict[str, Standing] = dict(session.records.read_standings())
    return frozenset(
        name
        for name, standing in standings.items()
        if standing.passed_at is not None and session.workspace.locate_stub(name).is_file()
    )


def prepare_run(session: Session, milestone: Milestone, settings: Settings) -> MilestoneRun:
    """Return the run of a milestone's program; ``UsageError`` where it has none."""
    program = session.workspace.locate_milestone(milestone.id)
    if not program.is_file():
        raise UsageError(f"the milestone {milestone.id} has no program to run.")
    passed = list_passed(session)
    parts: dict[str, Owner] = dict.fromkeys(passed, "exercises")
    folder = session.workspace.models
    seconds = settings.minutes * 60 + SPARE_SECONDS if settings.model else LONGEST
    return MilestoneRun(session.workspace.root, program, parts, folder, settings, seconds=seconds)


def run_milestone(session: Session, milestone: Milestone, settings: Settings) -> Iterator[Event]:
    """Run a milestone and yield its events; what it shows is recorded as it comes.

    Whoever stops early (Ctrl-C, a kill) has what was recorded with the last evaluation.
    """
    run = prepare_run(session, milestone, settings)
    recorder = Recorder(session, milestone, run)
    for event in run.iterate_events():
        yield recorder.note(event)
    recorder.keep()


def write_text(
    session: Session,
    milestone: Milestone,
    settings: Settings,
    seconds: float,
    reply: Callable[[], str] | None = None,
) -> Iterator[str]:
    """Let the model of a milestone write on, or answer; yield the text piece by piece.

    ``reply`` gives the learner's next text in a conversation; an empty one is its end.
    """
    run = prepare_run(session, milestone, settings)
    for event in replace(run, action="write", seconds=seconds).iterate_events(reply):
        if isinstance(event, Piece):
            yield event.text


class Recorder:
    """Keeps the record of one run."""

    def __init__(self, session: Session, milestone: Milestone, run: MilestoneRun) -> None:
        self._table = open_milestones(session.workspace.progress)
        self._milestone, self._run = milestone, run
        began = clock.format_now()
        told = ("seed", "model", "minutes", "device") if run.settings.model else ("seed",)
        settings = {name: str(getattr(run.settings, name)) for name in told}
        self._today = session.get_today().isoformat()
        self.record = MilestoneRecord(began, began, self._today, False, settings=settings)

    def note(self, event: Event) -> Event:
        """Add an event to the record, and return it, or what the record makes of it.

        An evaluation and a result are put on the disk at once.
        """
        record = self.record
        if isinstance(event, Figure) and math.isfinite(event.value):
            self.record = replace(record, figures={**record.figures, event.name: event.value})
        elif isinstance(event, Continued):
            self._take_over(event.step)
        elif isinstance(event, Parts):
            self.record = replace(record, parts=self._name_owners(event))
        elif isinstance(event, Evaluation):
            point = {
                name: value
                for name in ("step", "seconds", "train", "valid")
                if math.isfinite(value := float(getattr(event, name)))
            }
            self.record = replace(
                record,
                curve=(*record.curve[: MOST_EVALUATIONS - 1], point),
                samples={**_cut(record.samples), str(event.step): event.sample},
            )
            self.keep()
        elif isinstance(event, Piece):
            text = (record.samples.get(WRITTEN, "") + event.text)[:MOST_WRITTEN]
            self.record = replace(record, samples={**record.samples, WRITTEN: text})
        elif isinstance(event, Reached):
            event = self._judge(event)
            self.keep()
        return event

    def _take_over(self, step: int) -> None:
        """Take what the run that is continued had shown up to this step into the record."""
        last = self._table.get(f"{self._milestone.id}.last")
        if last is not None and last.settings == self.record.settings:
            curve = tuple(point for point in last.curve if point.get("step", 0) <= step)
            steps = {str(round(point["step"])) for point in curve if "step" in point}
            samples = {name: text for name, text in last.samples.items() if name in steps}
            self.record = replace(self.record, curve=curve, samples=samples)

    def keep(self) -> None:
        """Put the record on the disk.

        The run that reached the milestone stays under its name until another reaches it too; the
        last run is under ``ID.last``.
        """
        row, name = replace(self.record, at=clock.format_now()), self._milestone.id
        self._table.put({f"{name}.last": row})
        if row.reached:
            self._table.revise(name, lambda known: _keep_first_day(known, row))

    def _judge(self, event: Reached) -> Reached:
        """Return the result of the whole run: a milestone is reached on one's own parts alone."""
        parts = self.record.parts
        missing = [name for name, owner in parts.items() if owner.startswith(WORDS["solutions"])]
        why = event.why
        if event.reached and missing:
            few = len(missing) <= MOST_NAMED
            names = ", ".join(missing) if few else f"{len(missing)} parts, which are listed above"
            why += f" It ran on the references of {names}: write them, and run it again."
        reached = event.reached and not missing
        day = self._today if reached else ""
        self.record = replace(self.record, reached=reached, why=why, reached_day=day)
        return Reached(reached, why)

    def _name_owners(self, event: Parts) -> dict[str, str]:
        return {
            name: f"{WORDS[self._run.parts.get(name, 'solutions')]} {digest}"
            for name, digest in sorted(event.hashes.items())
        }


def _cut(samples: Mapping[str, str]) -> dict[str, str]:
    return dict(list(samples.items())[: MOST_EVALUATIONS - 1])


def _keep_first_day(known: MilestoneRecord | None, row: MilestoneRecord) -> MilestoneRecord:
    return row if known is None else replace(row, reached_day=known.reached_day or row.reached_day)
