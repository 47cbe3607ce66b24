"""``grade import``: import a journal that was kept elsewhere."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from grader.base.errors import UsageError
from grader.base.printable import sanitize
from grader.cli.commands.arguments import open_session
from grader.cli.console.confirmation import confirm
from grader.cli.console.import_explanation import format_explanation
from grader.cli.console.import_progress import ImportProgress
from grader.cli.console.import_report import format_report, is_new
from grader.cli.console.import_undone import format_undone
from grader.cli.console.terminal import say, say_all
from grader.services.importing.address import explain_address
from grader.services.importing.files import ImportFile, list_unshown, read_files
from grader.services.importing.open_days import (
    OpenQuestion,
    find_missing_first_day,
    find_missing_year,
)
from grader.services.importing.plan import ImportPlan
from grader.services.importing.planner import plan_imports
from grader.services.importing.undo import plan_undo, undo_import
from grader.services.importing.write import write_imports
from grader.services.session import Session


@click.command("import")
@click.argument("files", nargs=-1)
@click.option("--year", type=click.IntRange(1990, 2100), help="The year of headings without one.")
@click.option(
    "--first-day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The date of Day 1, where days are only numbered.",
)
@click.option("--encoding", default="", help="The encoding of files that are not UTF-8.")
@click.option("--again", is_flag=True, help="Also bring what was deleted since an import.")
@click.option("--undo", is_flag=True, help="Take back the last import.")
@click.option("--dry-run", is_flag=True, help="Only show what would be imported.")
@click.option("--explain", is_flag=True, help="Also show what becomes of each line.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def import_journal(
    files: tuple[str, ...],
    year: int | None,
    first_day: datetime | None,
    encoding: str,
    again: bool,
    undo: bool,
    dry_run: bool,
    explain: bool,
    yes: bool,
) -> None:
    """Show what a journal contains and import it when you confirm.

    Dated entries go into the log, and everything else into a note, as it was written. Cards,
    readings and what is said to be done are counted beside the text. Nothing of yours is
    overwritten, and what was imported before is skipped.
    """
    session = open_session()
    if undo:
        _undo(session, files, dry_run=dry_run)
        return
    paths, charset = _list_paths(files), _check_encoding(encoding)
    found = read_files(session.workspace, paths, charset, ImportProgress("reading"))
    first = first_day.date() if first_day else None
    plans = _plan(session, found.sources, year, first, again=again, ask=not (yes or dry_run))
    unshown = list_unshown(found, (path for plan in plans for path in plan.shown))
    left = [*found.left_out, *unshown]
    say_all(format_report(session.workspace, plans, found.faults, left))
    if explain:
        say_all(format_explanation(session.workspace, plans))
    say()
    if not is_new(plans):
        say("Nothing new to import.")
    elif dry_run:
        say("Nothing was imported: this was a dry run. Run it without --dry-run to import.")
    elif yes or confirm("Import it?", "nothing was imported. In a script add --yes"):
        write_imports(session, plans, ImportProgress("writing"))
        say("Imported. The pages show it: grade site serve")
    else:
        say("Nothing was imported.")


def _undo(session: Session, files: Sequence[str], *, dry_run: bool) -> None:
    """Take back the last import, whatever it brought."""
    if files:
        raise UsageError("--undo takes back the last import as a whole; name no files with it.")
    plan = plan_undo(session) if dry_run else undo_import(session)
    say_all(format_undone(session.workspace, plan))
    say()
    what = "This was a dry run: nothing was taken back." if dry_run else "Taken back."
    say(f"{what} The journal's own files are as they were.")


def _list_paths(names: Sequence[str]) -> list[Path]:
    """Return the paths; ``UsageError`` says how to bring an address on the web."""
    if not names:
        raise UsageError("name what to import: a file such as README.md, or a folder.")
    for name in names:
        if not Path(name).exists() and (how := explain_address(name)):
            raise UsageError(how)
    return [Path(name) for name in names]


def _check_encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        raise UsageError(f"--encoding {name}: no encoding has this name; try gbk.") from None


def _plan(
    session: Session,
    sources: Sequence[ImportFile],
    year: int | None,
    first: date | None,
    *,
    again: bool,
    ask: bool,
) -> list[ImportPlan]:
    """Plan the import; a missing year or first day is asked for, and no answer leaves it open."""
    watch = ImportProgress("sorting")
    plans = plan_imports(session, sources, year, first, again=again, watch=watch)
    if not ask:
        return plans
    journals = [(plan.source, plan.found) for plan in plans]
    if year is None and (missing := find_missing_year(journals)):
        year = _ask_year(missing)
    if first is None and (missing := find_missing_first_day(journals)):
        first = _ask_first_day(missing)
    if year or first:
        return plan_imports(session, sources, year, first, again=again, watch=watch)
    return plans


def _ask_year(missing: OpenQuestion) -> int | None:
    say(f"There is no year here or near it:\n{_list_lines(missing.lines)}")
    given = _prompt(f"Year of the first, such as {missing.likely} (Enter keeps them in the note)")
    if not given:
        return None
    if not re.fullmatch(r"(?:19|20)\d\d", given):
        raise UsageError(f"{given!r} is no year; nothing was imported. Type it like 2025")
    return int(given)


def _ask_first_day(missing: OpenQuestion) -> date | None:
    say(f"These days have a number and no date:\n{_list_lines(missing.lines)}")
    given = _prompt(f"Date of Day 1, such as {missing.likely} (Enter keeps them in the note)")
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise UsageError(
            f"{given!r} is no date; nothing was imported. Type it like 2025-07-20"
        ) from None


def _list_lines(lines: Sequence[str]) -> str:
    more = f"\n  and {len(lines) - 5} more" if len(lines) > 5 else ""
    return "\n".join(f"  {sanitize(line)}" for line in lines[:5]) + more


def _prompt(question: str) -> str:
    """Return the answer; empty where there is nobody to answer."""
    try:
        return str(click.prompt(question, default="", show_default=False)).strip()
    except click.Abort:
        return ""
