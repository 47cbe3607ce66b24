"""``grade log``: the easiest habit of the day."""

from __future__ import annotations

from datetime import date, datetime

import click

from grader import clock
from grader.console.paint import complain, paint, say
from grader.errors import UsageError
from grader.harmless import harmless
from grader.journal import Entry, Journal
from grader.logline import line
from grader.settings import Settings
from grader.workspace import Workspace

SHOWN = 3
"""As many of the last days are shown."""


class Day(click.ParamType[date]):
    """A date as ``2026-11-22``."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The date, or a usage error that shows the form."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2026-11-22", param, ctx)


@click.command()
@click.argument("text", nargs=-1)
@click.option("--date", "day", type=Day(), help="Another day than today, as 2026-11-22.")
@click.option("--minutes", type=click.IntRange(1, 1440), help="How long it took; summed by day.")
@click.option("--watched", metavar="URL", help="A talk or lecture; the text is its title.")
@click.option("--read", "reading", metavar="ID", help="A reading; the text is what it gave you.")
@click.option("--done", is_flag=True, help="With --read: it is read to its end.")
@click.option("--edit", is_flag=True, help="Open the day's file in your editor.")
def log(
    text: tuple[str, ...],
    day: date | None,
    minutes: int | None,
    watched: str | None,
    reading: str | None,
    done: bool,
    edit: bool,
) -> None:
    """Add a line to today's entry; alone, show the last days.

    The entry is a Markdown file of yours under docs/log, to edit by hand as you like.
    """
    workspace = Workspace.find()
    journal = Journal(workspace.log)
    on = day or _today(workspace)
    adds = bool(text) or minutes is not None or watched is not None or reading is not None
    if reading is not None or done:
        _read(workspace, on, " ".join(text), minutes, reading, done, watched)
    elif adds:
        path = journal.add(on, _line(" ".join(text), minutes, watched))
        say(f"Added to {workspace.shown(path)}")
    if edit:
        _edit(journal, on)
    elif not adds:
        _show(journal, day)


def _read(
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
        raise UsageError("--done is for --read, and a line has either --read or --watched")
    from grader.practice import Desk
    from grader.practice.readings import logged

    path, item = logged(Desk.at(workspace), on, reading, words, minutes=minutes, done=done)
    say(f"Added to {workspace.shown(path)}; {harmless(item.id, 80)} is {item.state}")


def _today(workspace: Workspace) -> date:
    settings, faults = Settings.lenient(workspace.settings)
    for fault in faults:
        complain(f"{fault} Until it is mended, the default counts.")
    return settings.day_of(clock.now())


def _line(words: str, minutes: int | None, watched: str | None) -> str:
    if watched is not None:
        return line(words, minutes=minutes, verb="Watched", url=watched.strip() or "no address")
    if not words.strip() and minutes is None:
        raise UsageError('nothing to log: give a line, as in grade log "read about softmax"')
    return line(words, minutes=minutes)


def _edit(journal: Journal, on: date) -> None:
    fresh = journal.read(on) is None
    path = journal.start(on)
    heading = path.read_bytes()
    click.edit(filename=str(path))
    if fresh and path.is_file() and path.read_bytes() == heading:
        path.unlink()
        say("Nothing was written.")
    else:
        say(f"{path.name} is as you left it.")


def _show(journal: Journal, day: date | None) -> None:
    for problem in journal.problems():
        complain(problem)
    if day is not None:
        entry = journal.read(day)
        entries = [entry] if entry else []
    else:
        entries = journal.last(SHOWN)
    if not entries:
        say('Nothing logged yet. Begin with: grade log "what I did today"')
    for entry in reversed(entries):
        _print(entry)


def _print(entry: Entry) -> None:
    title, _, rest = entry.text.strip().partition("\n")
    say(paint(harmless(title.lstrip("# ")), "strong"))
    say(harmless(rest.strip(), 20_000))
    say()
