"""Study that is no attempt (reviews and readings), and what all of it comes to: days and hours."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

from grader.base import clock
from grader.base.errors import RecordsError
from grader.learner import forecast, study_spans
from grader.learner.journal import Journal, sum_logged
from grader.learner.model import StudySpan
from grader.learner.records import tables
from grader.learner.study_days import StudyDays, WeekHours, count_study_days
from grader.services.session import Session


def record_study(session: Session, kind: study_spans.Kind, since: datetime | None = None) -> None:
    """Record that something was reviewed or read just now; ``since`` is when it was begun.

    What was done is recorded already by its own table, so a failure here is a warning.
    """
    now, day = clock.get_now(), session.get_today()
    table = tables.open_study(session.workspace.progress)
    try:
        table.change(lambda known: study_spans.add_moment(known, kind, day, now, since))
    except RecordsError as error:
        table.warnings.append(f"The time of it was not recorded: {error}")
    session.records.warnings += table.warnings


def read_spans(session: Session) -> tuple[StudySpan, ...]:
    """Return the stretches of reviewing and reading, in order of time."""
    table = tables.open_study(session.workspace.progress)
    if not table.path.exists():
        return ()
    spans = tuple(table.read_all().values())
    session.records.warnings += table.warnings
    return spans


def list_days(session: Session) -> set[date]:
    """Return the days with an attempt, an entry, a review or a reading; no entry is read."""
    days = set(Journal(session.workspace.log).list_file_days())
    days |= study_spans.list_days(read_spans(session))
    for day in session.records.count_days():
        with suppress(ValueError):  # records edited by hand
            days.add(date.fromisoformat(day))
    return days


def count_days(session: Session) -> StudyDays:
    """Count the days of study, in a row and of the last thirty."""
    return count_study_days(list_days(session), session.get_today(), session.read_settings().is_off)


def measure_phases(session: Session) -> dict[str, forecast.PhaseTime]:
    """Measure the time that each phase took, from all attempts and entries."""
    attempts, settings = session.records.read_attempts(), session.read_settings()
    entries = Journal(session.workspace.log).read_entries()
    minutes = forecast.count_study_minutes(attempts, sum_logged(entries), read_spans(session))
    standings, today = session.records.read_standings(), session.get_today()
    args = (session.course, standings, attempts, minutes, today, settings.is_off)
    return {one.phase.id: one for one in forecast.measure_phases(*args)}


def measure_week(session: Session) -> WeekHours:
    """Measure the hours since Monday; the attempts and entries of other weeks are not read."""
    today, settings = session.get_today(), session.read_settings()
    days = [today - timedelta(days=n) for n in range(today.weekday() + 1)]
    # The time up to the first attempt of Monday counts for it, so Sunday's are looked at too.
    looked = {day.isoformat() for day in (*days, days[-1] - timedelta(days=1))}
    journal = Journal(session.workspace.log)
    entries = filter(None, map(journal.read, days))
    attempts = [one for day in sorted(looked) for one in session.records.read_attempts(day=day)]
    spans = [span for span in read_spans(session) if span.day in looked]
    minutes = forecast.count_study_minutes(attempts, sum_logged(entries), spans)
    return WeekHours(sum(minutes.get(day, 0.0) for day in days) / 60, settings.hours_a_week)
