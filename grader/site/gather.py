"""Reads everything that the pages show: course, records, log, notes and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from grader.base import render_cache
from grader.base.errors import GroundworkError
from grader.base.paths import Workspace
from grader.course.model import Course, Exercise
from grader.course.source.claims import read_claims
from grader.course.source.contracts import Contract, read_contracts
from grader.course.source.mistakes import read_mistakes
from grader.grading.outcome import Standing
from grader.learner.journal import Journal
from grader.learner.notes import Notes
from grader.learner.progress import ExerciseState
from grader.learner.records import tables
from grader.services.deck import Deck
from grader.services.readings import list_readings
from grader.services.session import Session
from grader.services.site_owner import find_owner
from grader.services.study import read_spans
from grader.services.submission import Submission, is_unwritten, read_submission
from grader.site import backlinks
from grader.site.share import collect_facts
from grader.site.site_data import SiteData
from grader.site.tag_index import index_tags

_PASSED: tuple[ExerciseState, ...] = ("passed", "stale")
"""The states in which reference and own code are read: what is not read cannot reach a page."""


def gather(workspace: Workspace) -> SiteData:
    """Read the site as the files are now; ``CourseError`` when the course has faults."""
    with render_cache.open_cache(workspace.cache / "read.json"):
        return _gather(workspace)


def _gather(workspace: Workspace) -> SiteData:
    session = Session.open(workspace)
    deck = Deck.read(session)
    course, records, journal = session.course, session.records, Journal(workspace.log)
    entries, problems = journal.read_all()
    ids = [exercise.id for exercise in course.iterate_exercises()]
    notes = tuple(Notes(workspace.notes, workspace.cache / "notes").read())
    texts = {id: _read_text(workspace.locate_checks(id)) for id in ids}
    progress, standings = session.read_progress(), records.read_standings()
    states, settings = progress.states, session.read_settings()
    site = SiteData(
        workspace=workspace,
        course=course,
        progress=progress,
        standings=standings,
        attempts=tuple(records.read_attempts()),
        lessons={id: _read_text(workspace.locate_lesson(id)) for id in ids},
        contracts={e.id: _read_contracts(workspace, e) for e in course.iterate_exercises()},
        claims={id: read_claims(texts[id], path=workspace.locate_checks(id)) for id in ids},
        mistakes={id: _read_sentences(workspace, id) for id in ids},
        entries=tuple(entries),
        notes=notes,
        backlinks=backlinks.find_backlinks(workspace, course, notes),
        tags=index_tags(notes, entries),
        readings=list_readings(session),
        deck=deck,
        cards=deck.count_by_objective(session.course),
        guides={path.name: _read_text(path) for path in sorted(workspace.handwritten.glob("*.md"))},
        imported_claims=tuple(tables.open_claims(workspace.progress).read_all().values()),
        spans=read_spans(session),
        milestones=tables.open_milestones(workspace.progress).read_all(),
        settings=settings,
        owner=find_owner(workspace, settings),
        today=session.get_today(),
        problems=(*problems, *records.warnings),
        references=_read_references(workspace, states, standings),
        solved=_read_solved(workspace, course, states) if settings.show_code else {},
    )
    shared = collect_facts(session, progress, standings) if settings.address else None
    return replace(site, shared=shared)


def _read_sentences(workspace: Workspace, exercise: str) -> dict[str, str]:
    path = workspace.locate_mistakes(exercise)
    return {m.name: m.says for m in read_mistakes(_read_text(path), path=path)}


def _read_contracts(workspace: Workspace, exercise: Exercise) -> tuple[Contract, ...]:
    path = workspace.locate_reference(exercise.id)
    return read_contracts(_read_text(path), exercise, path)


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GroundworkError(f"{path} cannot be read: {error}. Restore it.") from error


def _read_references(
    workspace: Workspace, states: Mapping[str, ExerciseState], standings: Mapping[str, Standing]
) -> dict[str, str]:
    """Read the references of what is passed or was revealed."""
    shown = [
        exercise
        for exercise, state in states.items()
        if state in _PASSED or (exercise in standings and standings[exercise].revealed)
    ]
    return {exercise: _read_shown(workspace.locate_reference(exercise)) for exercise in shown}


def _read_solved(
    workspace: Workspace, course: Course, states: Mapping[str, ExerciseState]
) -> dict[str, Submission]:
    """Read the learner's own files of what is passed, but for those that are stubs again."""
    found = {}
    for exercise in course.iterate_exercises():
        if states[exercise.id] in _PASSED:
            path = workspace.locate_stub(exercise.id)
            submission = read_submission(path, workspace.show_path(path))
            if submission.text and not is_unwritten(submission.text, exercise):
                found[exercise.id] = submission
    return found


def _read_shown(path: Path) -> str:
    """Return the file's text; empty if it cannot be read, since it is only shown."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
