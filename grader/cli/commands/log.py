"""``grade log``: the easiest habit of the day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import click

from grader.base import clock
from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.base.printable import sanitize
from grader.cli.console.confirmation import confirm
from grader.cli.console.terminal import complain, paint, say
from grader.learner.entry_text import name_day
from grader.learner.journal import Entry, Journal
from grader.learner.log_line import format_line
from grader.learner.settings import Settings

SHOWN = 3
"""As many of the last days are shown."""
DAYS = {"today": 0, "yesterday": 1}
"""Days with a name, and how long ago they were."""


class DateParameter(click.ParamType[date]):
    """A date as ``2026-11-22``, or ``today`` or ``yesterday`` in the learner's days."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the date; fail with a usage error that shows the form."""
        if isinstance(value, date):
            return value
        if value.casefold() in DAYS:
            return _find_today(Workspace.find()) - timedelta(days=DAYS[value.casefold()])
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2026-11-22 or yesterday", param, ctx)


@click.command()
@click.argument("text", nargs=-1)
@click.option("--date", "day", type=DateParameter(), help="Another day: yesterday, or 2026-11-22.")
@click.option("--minutes", type=click.IntRange(1, 1440), help="How long it took; summed by day.")
@click.option("--watched", metavar="URL", help="A talk or lecture; the text is its title.")
@click.option("--read", "reading", metavar="ID", help="A reading; the text is what you learned.")
@click.option("--done", is_flag=True, help="With --read: mark the reading as done.")
@click.option("--edit", is_flag=True, help="Open the day's file in your editor.")
@click.option("--yes", is_flag=True, help="Do not ask about a date to come.")
def log(
    text: tuple[str, ...],
    day: date | None,
    minutes: int | None,
    watched: str | None,
    reading: str | None,
    done: bool,
    edit: bool,
    yes: bool,
) -> None:
    """Add a line to today's entry; alone, show the last days.

    The entry is a Markdown file of yours under docs/log, to edit by hand as you like.
    """
    workspace = Workspace.find()
    journal = Journal(workspace.log)
    on = day or get_today(workspace)
    adds = bool(text) or minutes is not None or watched is not None or reading is not None
    if day is not None and (adds or edit) and not (yes or _confirm_future(workspace, day)):
        say("Nothing was logged.")
        return
    if reading is not None or done:
        _log_reading(workspace, on, " ".join(text), minutes, reading, done, watched)
    elif adds:
        add_line(workspace, on, " ".join(text), minutes, watched)
    if edit:
        _edit(journal, on)
    elif not adds:
        _show(journal, day)


def _log_reading(
    workspace: Workspace,
    on: date,
    words: str,
    minutes: int | None,
    reading: str | None,
    done: bool,
    watched: str | None,
) -> None:
    """Add a line about a reading, which is being read from now on, or done."""
    if reading is None or watched is not None:
        raise UsageError("--done needs --read, and --read and --watched exclude each other")
    from grader.services.readings import log_reading
    from grader.services.session import Session

    path, item = log_reading(
        Session.open(workspace), on, reading, words, minutes=minutes, done=done
    )
    say(f"Added to {workspace.show_path(path)}; {sanitize(item.id, 80)} is {item.state}")


def add_line(
    workspace: Workspace, on: date, words: str, minutes: int | None, watched: str | None = None
) -> None:
    """Add a line to a day's entry, and say which file it is in."""
    path = Journal(workspace.log).add(on, _make_line(words, minutes, watched))
    say(f"Added to {workspace.show_path(path)}")


def get_today(workspace: Workspace) -> date:
    """Return the learner's day; complain of settings that cannot be read."""
    _, faults = Settings.read_leniently(workspace.settings)
    for fault in faults:
        complain(f"{fault} Until it is fixed, the default is used.")
    return _find_today(workspace)


def _find_today(workspace: Workspace) -> date:
    return Settings.read_leniently(workspace.settings)[0].find_day(clock.get_now())


def _confirm_future(workspace: Workspace, day: date) -> bool:
    """Return whether a day is meant; one that is still to come is asked about."""
    ahead = (day - _find_today(workspace)).days
    if ahead <= 0:
        return True
    distance = "tomorrow" if ahead == 1 else f"{ahead} days from today"
    return confirm(
        f"{name_day(day)}, is {distance}. Is this the day that you mean?",
        "nothing was logged. In a script add --yes",
    )


def _make_line(words: str, minutes: int | None, watched: str | None) -> str:
    if watched is not None:
        return format_line(
            words, minutes=minutes, verb="Watched", url=watched.strip() or "no address"
        )
    if not words.strip() and minutes is None:
        raise UsageError('nothing to log: give a line, as in grade log "read about softmax"')
    return format_line(words, minutes=minutes)


def _edit(journal: Journal, on: date) -> None:
    fresh = journal.read(on) is None
    path = journal.start(on)
    heading = path.read_bytes()
    from grader.cli.console.editor import open_in_editor

    open_in_editor(path, wait=True)
    if fresh and path.is_file() and path.read_bytes() == heading:
        path.unlink()
        say("Nothing was written.")
    elif not fresh and path.is_file() and path.read_bytes() == heading:
        say(f"{path.name} is unchanged.")
    else:
        say(f"{path.name} is saved.")


def _show(journal: Journal, day: date | None) -> None:
    for problem in journal.find_problems():
        complain(problem)
    if day is not None:
        entry = journal.read(day)
        entries = [entry] if entry else []
    else:
        entries = journal.read_last(SHOWN)
    if not entries:
        say('Nothing logged yet. Begin with: grade log "what I did today"')
    for entry in reversed(entries):
        _print(entry)


def _print(entry: Entry) -> None:
    title, _, rest = entry.text.strip().partition("\n")
    say(paint(sanitize(title.lstrip("# ")), "strong"))
    say(sanitize(rest.strip(), 20_000))
    say()
