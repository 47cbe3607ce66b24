"""``grade update``: the newest version of the course, without touching the learner's work."""

from __future__ import annotations

import sys

import click

from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.cli.console.confirmation import confirm
from grader.cli.console.json_output import format_update
from grader.cli.console.terminal import complain, say, say_all, say_exactly
from grader.cli.console.update_report import format_coming, format_made
from grader.services.update.course_source import CourseVersion
from grader.services.update.prepared_update import UpdateReport
from grader.services.update.updating import Updating, is_interrupted, open_updating

_UNANSWERED = "nothing was changed. In a script add --yes"


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Only say what would come.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object and nothing else.")
def update(only_check: bool, yes: bool, as_json: bool) -> None:
    """Fetch the newest course and merge it into your clone.

    Your exercises, notes, log and progress are committed first, and stay as they are. Where the
    course has changed a file that you have changed too, yours is kept in exercises/, and a copy
    of yours is kept elsewhere. It says which passes become stale, and which sentences of the
    contracts are new.
    """
    if as_json and not (yes or only_check):
        raise UsageError("--json cannot ask: add --yes, or --check")
    workspace = Workspace.find()
    if only_check and is_interrupted(workspace):
        raise UsageError("An update was interrupted. Run grade update, which finishes it.")
    with open_updating(workspace) as updating:
        if (report := updating.finish_interrupted()) is not None:
            _show_finished(report, as_json)
        elif as_json:
            _update_silently(updating, only_check)
        else:
            _update(updating, only_check, yes)


def _show_finished(report: UpdateReport, as_json: bool) -> None:
    if as_json:
        say_exactly(format_update(report.course, report.day, report, made=True))
        return
    say("An update that was interrupted has been finished.")
    say_all(format_coming(report))
    say()
    say_all(format_made(report))


def _update_silently(updating: Updating, only_check: bool) -> None:
    version, prepared = updating.look(only_look=only_check)
    report = prepared.report if prepared else None
    if prepared and not only_check:
        report = updating.make(prepared)
    made = prepared is not None and not only_check
    say_exactly(format_update(version.short, version.day, report, made=made))


def _update(updating: Updating, only_check: bool, yes: bool) -> None:
    if sys.stderr.isatty():
        complain("Fetching the course ...")
    version, prepared = updating.look(only_look=only_check)
    if prepared is None:
        _say_nothing_new(version)
        return
    say_all(format_coming(prepared.report))
    say()
    if only_check:
        say("Nothing was changed: this was a check. To update: grade update")
    elif yes or not _asks(prepared.report) or confirm("Update?", _UNANSWERED):
        try:
            report = updating.make(prepared)
        except KeyboardInterrupt:
            complain("If anything was changed, grade update finishes it.")
            raise
        say_all(format_made(report))
    else:
        say("Nothing was changed.")


def _say_nothing_new(version: CourseVersion) -> None:
    say(f"Nothing new: you have the newest course, {version.short} of {version.day}.")


def _asks(report: UpdateReport) -> bool:
    """Return True if the update commits or replaces something of the learner's."""
    return bool(report.committed or report.replaced)
