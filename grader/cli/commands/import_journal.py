"""``grade import``: import a journal that was kept elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from grader.base.errors import UsageError
from grader.cli.commands.arguments import open_session
from grader.cli.console.confirmation import confirm
from grader.cli.console.import_report import format_report, is_new
from grader.cli.console.terminal import say, say_all
from grader.services.import_files import ImportFile, read_files
from grader.services.import_plan import ImportPlan, plan_imports
from grader.services.import_write import write_imports
from grader.services.session import Session


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1990, 2100), help="The year of headings without one.")
@click.option("--dry-run", is_flag=True, help="Only show what would be imported.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def import_journal(files: tuple[Path, ...], year: int | None, dry_run: bool, yes: bool) -> None:
    """Show what a journal contains and import it when you confirm.

    Dated entries go into the log; tables of questions, terms, reading lists and what is said to
    be done into their places; everything else into a note. Nothing is overwritten, and what was
    imported before is skipped.
    """
    session = open_session()
    found = read_files(session.workspace, files)
    plans = _plan(session, found.sources, year, ask=not (yes or dry_run))
    say_all(format_report(session.workspace, plans, found.faults))
    say()
    if not is_new(plans):
        say("Nothing new to import.")
    elif dry_run:
        say("Nothing was imported: this was a dry run. Run it without --dry-run to import.")
    elif yes or confirm("Import it?", "nothing was imported. In a script add --yes"):
        write_imports(session, plans)
        say("Imported. The pages show it: grade site serve")
    else:
        say("Nothing was imported.")


def _plan(
    session: Session, sources: Sequence[ImportFile], year: int | None, *, ask: bool
) -> list[ImportPlan]:
    """Plan the import; the year is asked for where they leave it open."""
    plans = plan_imports(session, sources, year)
    lines = [
        f"{plan.source.name}:{remark.line}: {remark.text}"
        for plan in plans
        for remark in plan.found.yearless
    ]
    if not lines:
        return plans
    listed = "\n".join(f"  {line}" for line in lines[:5])
    more = f"\n  and {len(lines) - 5} more" if len(lines) > 5 else ""
    if not ask:
        raise UsageError(f"there is no year here or near it:\n{listed}{more}\nAdd --year 2025")
    say(f"There is no year here or near it:\n{listed}{more}")
    try:
        given = click.prompt("Year of the first", type=click.IntRange(1990, 2100))
    except click.Abort:
        raise UsageError("no answer; nothing was imported. In a script add --year 2025") from None
    return plan_imports(session, sources, given)
