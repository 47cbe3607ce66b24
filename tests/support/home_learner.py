"""What the tests of the home page look at: a learner of some weeks, and one of years."""

from __future__ import annotations

from datetime import date, timedelta

from site_workspace import MAIN_PATH, attempt

from grader.base.paths import Workspace
from grader.learner.journal import Journal
from grader.learner.model import MilestoneRecord
from grader.learner.records import Records
from grader.learner.records.tables import open_milestones

TODAY = date(2026, 11, 22)
EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)> `|` *b*"
RUN = MilestoneRecord(
    began="2026-11-21T10:00:00+00:00",
    at="2026-11-21T10:10:00+00:00",
    day="2026-11-21",
    reached=True,
    why=f"Below the line. {EVIL}",
    reached_day="2026-11-21",
    figures={"bigram": 2.46},
    curve=({"step": 0.0, "valid": 4.3}, {"step": 900.0, "valid": 2.2}),
    samples={"0": "xq thz", "900": f"{EVIL}\n" + "A line.\n" * 20},
)


def study(own: Workspace, today: date = TODAY) -> None:
    """Two exercises passed, one tried: 30 and 44 minutes between attempts, 60 logged."""
    records, journal = Records(own.progress), Journal(own.log)
    for exercise, ago, time, verdict, mistake in (
        ("attention/softmax", 2, "20:00:00", "failed", "no_shift"),
        ("attention/softmax", 2, "20:10:00", "failed", "no_shift"),
        ("attention/softmax", 2, "20:30:00", "passed", None),
        ("numbers/double", 0, "20:00:00", "failed", "half"),
        ("numbers/double", 0, "20:44:00", "passed", None),
        ("numbers/triple", 0, "21:30:00", "failed", "half"),
    ):
        day = (today - timedelta(days=ago)).isoformat()
        more = {"verdict": verdict, "mistake": mistake, "checks": {"test_two": verdict}}
        records.record(attempt(own, exercise, day, at=f"{day}T{time}+00:00", **more))
    journal.add(today - timedelta(days=1), "Read a paper (1 h)")
    for ago in (52, 51, 50, 49):
        journal.add(today - timedelta(days=ago), f"Day {53 - ago}")
    own.notes.mkdir(parents=True)
    (own.notes / "a.md").write_text("# Without a date\n", "utf-8")
    (own.notes / "b.md").write_text("---\ndate: 2026-11-02\n---\n# Older\n", "utf-8")
    (own.notes / "2026-10-30-plan.md").write_text("# Dated by its name\n", "utf-8")
    (own.notes / "c.md").write_text(f"---\ndate: 2026-11-03\n---\n# Newer {EVIL}\n", "utf-8")


def study_for_years(own: Workspace, today: date = TODAY, days: int = 420) -> None:
    """The same, after more than a year with an entry in the log on most days."""
    study(own, today)
    for number in range(1, days):
        if number % 5:
            path = Journal(own.log).find_path(today - timedelta(days=number))
            if not path.exists():
                path.write_text(f"- Read section {number} of a long book (20 min)\n", "utf-8")


def reach_milestone(own: Workspace) -> None:
    """Give the course a main path, of whose milestone a run is recorded."""
    with own.course_file.open("a", encoding="utf-8") as file:
        file.write(MAIN_PATH)
    open_milestones(own.progress).put({"counts": RUN})
