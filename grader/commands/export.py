"""``grade export``: a report, the same as JSON, a badge and a card, to show to others."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cache import Cache
from grader.commands.names import desk
from grader.console.paint import complain, say
from grader.errors import UsageError
from grader.harmless import harmless
from grader.journal import Journal
from grader.practice import Desk
from grader.sharing import Facts, Files, badge, days_done, facts, figures, markdown, report

FOLDER = "export"
NAMES = {"html": "report.html", "json": "progress.json", "badge": "badge.svg", "card": "share.png"}
_FILE = click.Path(path_type=Path)


@click.command()
@click.option("--html", type=_FILE, help="The report, as one HTML file.")
@click.option("--json", type=_FILE, help="The same figures as JSON.")
@click.option("--badge", type=_FILE, help="A badge, as SVG; the line to paste is printed.")
@click.option("--card", type=_FILE, help="The share card, as PNG.")
@click.option("--force", is_flag=True, help="Replace files that were not exported before.")
def export(force: bool, **named: Path | None) -> None:
    """Write how far you have come, for others to read: no notes, no log, no code.

    Without an option all four are written into the folder export/, which git ignores.
    """
    at = desk()
    asked = {kind: path for kind, path in named.items() if path is not None}
    now, chosen = told(at), asked or _all(at.workspace.root / FOLDER)
    made = {path: _made(kind, now) for kind, path in chosen.items()}
    if len(made) < len(chosen):
        raise UsageError("Two of the files have one name. Name each another way.")
    Files(Cache(at.workspace.cache)).write(made, force=force)
    for path in made:
        say(f"Written: {harmless(at.workspace.shown(path))}")
    for warning in at.records.warnings:
        complain(warning)
    if "badge" in chosen:
        _say_line(now, chosen["badge"].name)


def _all(folder: Path) -> dict[str, Path]:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made ({error.strerror}). Name files.") from error
    return {kind: folder / name for kind, name in NAMES.items()}


def told(at: Desk) -> Facts:
    """How far the learner has come today, as others may read it."""
    days = days_done(at.records.days(), Journal(at.workspace.log).days())
    progress, standings = at.progress(), at.records.standings()
    return facts(at.course, progress, standings, days, at.settings(), at.today())


def _made(kind: str, now: Facts) -> bytes:
    if kind == "card":
        from grader.pages.card import card

        return card(now)
    return {"html": report, "json": figures, "badge": badge}[kind](now).encode("utf-8")


def _say_line(now: Facts, file: str) -> None:
    """The Markdown that shows the badge, and what it still lacks."""
    say(f"For a profile, paste:\n{harmless(markdown(now, file))}")
    if not now.address:
        say("Set the site's address in progress/settings.toml, and the line leads there.")
