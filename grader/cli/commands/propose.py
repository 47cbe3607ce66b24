"""``grade author propose``: mistakes for the mistakes file, found from a wrong answer."""

from __future__ import annotations

from pathlib import Path

import click

from grader.authoring import Proposal, propose_mistakes, read_one_case
from grader.base.errors import NOT_PASSED, UsageError
from grader.base.printable import sanitize
from grader.cli.commands.arguments import complete, open_session
from grader.cli.console.terminal import count_noun, say
from grader.course.model import Exercise
from grader.grading.client import Engine
from grader.services.session import Session
from grader.services.submission import read_submission

SHOWN = 5
"""Of changes that answer alike, so many are shown: they tend to be the same one."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--of",
    "name",
    metavar="EXERCISE",
    shell_complete=complete,
    help="The exercise, where FILE does not lie in UNIT/EXERCISE/ or is not UNIT/EXERCISE.py.",
)
@click.pass_context
def propose(ctx: click.Context, file: Path, name: str | None) -> None:
    """Look for a small change of the reference that answers as the wrong answer in FILE does.

    What is found is printed as a mistake, ready for mistakes_EXERCISE.py: give it a name and a
    sentence. Exit code 1 when nothing is found.
    """
    session = open_session()
    exercise = session.find_one(name) if name else _find_exercise(session, file)
    answer = read_submission(file, session.workspace.show_path(file))
    with Engine() as engine:
        case = read_one_case(session, exercise)
        found = propose_mistakes(session.workspace, engine, case, answer.text)
    for known in found.known:
        path = session.workspace.show_path(session.workspace.locate_mistakes(exercise.id))
        say(f"{path} has it already: {known}")
    alike, tried = len(found.changes), found.tried
    say(f"{alike} of {tried} small changes of the reference answer as it does in every check.")
    for proposal in found.changes[:SHOWN]:
        _show(case.at.reference, proposal)
    if alike > SHOWN:
        say(f"\n{alike - SHOWN} more are not shown.")
    ctx.exit(0 if found.changes or found.known else NOT_PASSED)


def _find_exercise(session: Session, file: Path) -> Exercise:
    """Return the exercise that a file's place tells: a trial's folder, or the learner's."""
    *_, unit, own, _ = ("", "", *file.absolute().parts)
    ids = {exercise.id: exercise for exercise in session.course.iterate_exercises()}
    for name in (f"{unit}/{own}", f"{own}/{file.stem}"):
        if name in ids:
            return ids[name]
    raise UsageError(f"{file} does not lie in UNIT/EXERCISE/; name the exercise with --of EXERCISE")


def _show(reference: Path, proposal: Proposal) -> None:
    mutant = proposal.mutant
    say(f"\n{reference}:{mutant.line}: {mutant.says}; {_say_same(proposal)}")
    say(sanitize(f'@caught_by("{proposal.caught_by}")\ndef name():\n    """what is wrong"""'))
    say(sanitize(f"    edit({_quote(proposal.old)}, {_quote(proposal.new)})"))


def _say_same(proposal: Proposal) -> str:
    return f"the same in {count_noun(proposal.checks, 'check')}"


def _quote(text: str) -> str:
    """Return a string literal in double quotes, as ruff writes it."""
    escaped = repr(f"'{text}")[2:-1].replace("\\'", "'")
    return f'"{escaped}"' if '"' not in text else repr(text)
