"""``grade talk``: an open model on the learner's Llama, and the model that they have trained."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from grader import openmodel
from grader.base.errors import UsageError
from grader.base.paths import Workspace, find_user_cache
from grader.base.printable import sanitize
from grader.cli.commands.open_model import LOADER, QUESTION, fetch_first
from grader.cli.console.terminal import complain, count_noun, say
from grader.course.model import Milestone
from grader.milestones.run import LONGEST, Settings
from grader.openmodel import SMOLLM2
from grader.services.milestone import choose_settings, list_owners, write_text
from grader.services.own_parts import list_unwritten
from grader.services.session import Session


@click.command()
@click.argument("text", nargs=-1)
@click.option(
    "--model",
    default=SMOLLM2.name,
    show_default=True,
    help="Which model: smollm2 answers a question, shakespeare, which you have trained, writes on, "
    "mine, which you have tuned, answers, open_model is smollm2 on your code alone, in a "
    "conversation, spam judges the subject of an e-mail.",
)
@click.option("--tokens", type=click.IntRange(1, 10_000), help="How much.  [default: 64, or 500]")
@click.option(
    "--seed", type=click.IntRange(0, 2**31), help="Of trained models' draws.  [default: 0]"
)
@click.option("--seconds", default=300.0, show_default=True, type=click.FloatRange(1, 36_000))
@click.option(
    "--target",
    type=click.Choice(["exercises", "solutions"]),
    help="Whose code runs smollm2: all of yours, or the references.  [default: exercises]",
)
def talk(
    text: tuple[str, ...],
    model: str,
    tokens: int | None,
    seed: int | None,
    seconds: float,
    target: str | None,
) -> None:
    """Ask SmolLM2 a question, or let the model that you have trained continue a text.

    Your load_llama loads SmolLM2 and your Llama answers: the most likely token is taken each time.
    With --model shakespeare, the model of the milestone of that name continues the text, or begins
    one; each seed draws other characters. Everything is computed again for each token, which takes
    a fraction of a second. With --model mine, the Llama that the milestone of that name has tuned
    and packed answers from a KV cache. With --model open_model, SmolLM2 runs on your code from the
    bytes of its file to the cache; without a text you talk with it until you enter an empty line.
    With --model spam, your classifier says whether the text is the subject of spam, and which words
    weighed.
    """
    session = Session.open(Workspace.find())
    words = " ".join(text)
    if model != SMOLLM2.name:
        if target:
            raise UsageError("--target is for smollm2 alone")
        _write_on(session, model, Settings(seed or 0, text=words, tokens=tokens or 500), seconds)
        return
    if seed is not None:
        raise UsageError("--seed is for a trained model: smollm2 takes the most likely token")
    if not text:
        raise UsageError(f'ask it something: grade talk "{QUESTION}"')
    _ask(session, words, tokens or 64, seconds, target or "exercises")


def _write_on(session: Session, model: str, settings: Settings, seconds: float) -> None:
    """Let a model that was trained by a milestone write, as it is drawn."""
    milestone, kind = _find_model(session, model)
    settings = replace(settings, model=choose_settings(milestone, model=kind or None).model)
    owners = list_owners(session, milestone, settings.model)
    own = sum(owner.owner == "exercises" for owner in owners)
    complain(f"{milestone.title}, on {own} of {count_noun(len(owners), 'part')} of your own ...")
    asks = milestone.talk == "chat" and not settings.text
    if asks:
        complain("Ask something. An empty line ends the conversation.")
    limit, reply = (LONGEST, _ask_learner) if asks else (seconds, None)
    written = ""
    try:
        for written in write_text(session, milestone, settings, limit, reply):
            click.echo(written, nl=False)
            sys.stdout.flush()
    finally:
        if written and not written.endswith("\n"):
            say()


def _find_model(session: Session, model: str) -> tuple[Milestone, str]:
    """Return the milestone whose model has this name, and which of its models it is."""
    name, _, kind = model.partition("-")
    for one in session.course.milestones:
        if one.id == name and (one.models or (one.talk and not kind)):
            return one, kind
    others = [
        f"{one.id}-{kind.id}" if kind is not one.models[0] else one.id
        for one in session.course.milestones
        for kind in one.models
    ]
    others += [one.id for one in session.course.milestones if one.talk]
    known = ", ".join([SMOLLM2.name, *others])
    raise UsageError(f"there is no model {model!r}; there are: {known}")


def _ask_learner() -> str:
    """Return what the learner says next; empty at the end."""
    try:
        return str(click.prompt("You", prompt_suffix=": ", default="", show_default=False))
    except click.Abort:
        return ""


def _ask(session: Session, words: str, tokens: int, seconds: float, target: str) -> None:
    """Let SmolLM2 answer."""
    model = openmodel.find_file(SMOLLM2, find_user_cache())
    missing = _list_missing(session, target)
    if missing or model is None:
        lines = "".join(f"\n  {line}" for line in missing)
        raise UsageError(f"{SMOLLM2.title} cannot answer yet.{lines}")
    complain(f"Loading {SMOLLM2.title} into {target}/model/llama.py ...")
    asked = openmodel.Question(model, session.workspace.root, target, words, tokens, seconds)
    try:
        for piece in asked.answer():
            click.echo(sanitize(piece), nl=False)
            sys.stdout.flush()
    finally:
        say()


def _list_missing(session: Session, target: str) -> list[str]:
    """Return all that is missing before the model can answer, each with what to do."""
    missing = []
    if target == "exercises":
        unwritten = list_unwritten(session, session.find_one(LOADER))
        missing += [
            f"not written yet: {session.workspace.show_path(path)} ({', '.join(part.unwritten)})"
            for part in unwritten
            for path in [session.workspace.locate_stub(part.exercise.id)]
        ]
        if unwritten:
            missing.append("the references can answer in their place: add --target solutions")
    if package := openmodel.describe_missing_package():
        missing.append(package)
    if step := fetch_first():
        missing.append(f"the model, {SMOLLM2.megabytes} MB, is not downloaded yet: {step}")
    return missing
