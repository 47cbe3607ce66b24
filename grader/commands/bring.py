"""``grade import``: bring a journal that was kept elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from grader.commands.names import desk
from grader.console.brought import is_new, report
from grader.console.paint import say, say_all
from grader.errors import UsageError
from grader.practice import Desk
from grader.practice.bringing import Bundle, survey
from grader.practice.journals import Source, read
from grader.practice.unpacking import take


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1990, 2100), help="Of headings that name none.")
@click.option("--dry-run", is_flag=True, help="Only show what would be brought.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def bring(files: tuple[Path, ...], year: int | None, dry_run: bool, yes: bool) -> None:
    """Show what a journal holds and, on yes, take it over.

    Dated entries go into the log, tables of questions, terms, reading lists and what is said to
    be done into their places, all else into a note. Nothing is overwritten, and what was brought
    before does not come twice.
    """
    place = desk()
    found = read(place.workspace, files)
    bundles = _surveyed(place, found.sources, year, ask=not (yes or dry_run))
    say_all(report(place.workspace, bundles, found.faults))
    say()
    if not is_new(bundles):
        say("Nothing new to bring.")
    elif dry_run:
        say("Nothing was brought; leave --dry-run away to do so.")
    elif yes or _agreed():
        take(place, bundles)
        say("Brought. The pages show it: grade site serve")
    else:
        say("Nothing was brought.")


def _surveyed(
    place: Desk, sources: Sequence[Source], year: int | None, *, ask: bool
) -> list[Bundle]:
    """What the journals bring; the year is asked for where they leave it open."""
    bundles = survey(place, sources, year)
    lines = [
        f"{bundle.source.name}:{remark.line}: {remark.text}"
        for bundle in bundles
        for remark in bundle.found.yearless
    ]
    if not lines:
        return bundles
    told = "\n".join(f"  {line}" for line in lines[:5])
    more = f"\n  and {len(lines) - 5} more" if len(lines) > 5 else ""
    if not ask:
        raise UsageError(f"no year is named here or near it:\n{told}{more}\nSay it: --year 2025")
    say(f"No year is named here or near it:\n{told}{more}")
    try:
        given = click.prompt("Year of the first", type=click.IntRange(1990, 2100))
    except click.Abort:
        raise UsageError("no answer; nothing was brought. In a script say --year 2025") from None
    return survey(place, sources, given)


def _agreed() -> bool:
    try:
        return click.confirm("Take it over?", default=False)
    except click.Abort:
        raise UsageError("no answer; nothing was brought. In a script add --yes") from None
