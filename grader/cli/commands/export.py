"""``grade export``: a report, the same as JSON, a badge and a card, to show to others."""

from __future__ import annotations

from pathlib import Path

import click

from grader.base.cache import Cache
from grader.base.errors import UsageError
from grader.base.printable import sanitize
from grader.cli.commands.arguments import open_session
from grader.cli.console.terminal import complain, say, say_exactly
from grader.services.session import Session
from grader.site.share import (
    ExportFiles,
    Facts,
    collect_facts,
    draw_badge,
    format_markdown,
    render_report,
    to_json,
)

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
    """Write your progress for others to read: no notes, no log, no code.

    Without an option all four are written into the folder export/, which git ignores.
    """
    session = open_session()
    asked = {kind: path for kind, path in named.items() if path is not None}
    now, chosen = read_facts(session), asked or _choose_all(session.workspace.root / FOLDER)
    made = {path: _render(kind, now) for kind, path in chosen.items()}
    if len(made) < len(chosen):
        raise UsageError("Two of the files have the same name. Give each a different name.")
    ExportFiles(Cache(session.workspace.cache)).write(made, force=force)
    for path in made:
        say(f"Written: {sanitize(session.workspace.show_path(path))}")
    for warning in session.records.warnings:
        complain(warning)
    if "badge" in chosen:
        _say_line(now, chosen["badge"].name)


def _choose_all(folder: Path) -> dict[str, Path]:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made ({error.strerror}). Name files.") from error
    return {kind: folder / name for kind, name in NAMES.items()}


def read_facts(session: Session) -> Facts:
    """Return how far the learner has come today, as others may read it."""
    return collect_facts(session, session.read_progress(), session.records.read_standings())


def _render(kind: str, now: Facts) -> bytes:
    if kind == "card":
        from grader.site.share.card import draw_card

        return draw_card(now)
    return {"html": render_report, "json": to_json, "badge": draw_badge}[kind](now).encode("utf-8")


def _say_line(now: Facts, file: str) -> None:
    """Show the Markdown that shows the badge, and what it still lacks."""
    say("For a profile, paste:")
    say_exactly(sanitize(format_markdown(now, file)))
    if not now.address:
        say("Set the site's address in progress/settings.toml, and the line links to it.")
