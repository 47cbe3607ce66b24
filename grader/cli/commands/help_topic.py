"""``grade help``: what an exercise asks for, what a command does, what a term means."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from grader.base.errors import GroundworkError, UsageError
from grader.cli.commands.arguments import list_completions, open_session
from grader.cli.commands.table import COMMANDS
from grader.cli.console import topics
from grader.cli.console.terminal import say
from grader.course.model import Exercise
from grader.learner import progress
from grader.services.glossary import find_term, list_names
from grader.services.help import locate_stub
from grader.services.session import Session, join_choices


def _complete(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem | str]:
    """Return the commands, exercises, units and terms that begin so."""
    try:
        terms = [term.term for term in open_session().course.glossary]
    except GroundworkError:
        terms = []
    names = [*(name for name in COMMANDS if name != "run"), *terms]
    found = [name for name in names if name.startswith(incomplete)]
    return [*found, *list_completions(incomplete)]


@click.command(name="help")
@click.argument(
    "topic", nargs=-1, metavar="[EXERCISE | UNIT | COMMAND | TERM]", shell_complete=_complete
)
@click.pass_context
def help_topic(ctx: click.Context, topic: tuple[str, ...]) -> None:
    """Explain an exercise, a unit, a command or a term of the glossary.

    A name that is several of these is explained as each of them.
    """
    root = ctx.find_root()
    if not topic:
        say(root.get_help())
        return
    words = " ".join(topic)
    parts = [*_explain_command(root, topic)]
    if len(parts) == 0 or len(topic) == 1:
        parts += _explain_course(open_session(), words, optional=bool(parts))
    say("\n\n".join(parts))


def _explain_command(root: click.Context, topic: tuple[str, ...]) -> list[str]:
    """Return the help of the command that the words name, such as ``author check``."""
    ctx, command = root, root.command
    for word in topic:
        found = command.get_command(ctx, word) if isinstance(command, click.Group) else None
        if found is None:
            return []
        command = found
        ctx = click.Context(found, info_name=word, parent=ctx)
    return [command.get_help(ctx)]


def _explain_course(session: Session, words: str, *, optional: bool) -> list[str]:
    """Return what the course says of the words; a usage error where it says nothing."""
    parts = []
    if (term := find_term(session.course, words)) is not None:
        parts.append("\n".join(topics.format_term(term)))
    try:
        exercises = session.find((words,))
    except UsageError:
        exercises = []
    if len(exercises) == 1:
        parts.append(_explain_exercise(session, exercises[0]))
    elif exercises:
        unit = next(u for u in session.course.iterate_units() if u.id == exercises[0].unit)
        parts.append("\n".join(topics.format_unit(unit, session.read_progress())))
    if not parts and not optional:
        raise UsageError(f"nothing is called {words!r}; {_suggest(session, words)}")
    return parts


def _explain_exercise(session: Session, exercise: Exercise) -> str:
    titles = {resource.id: resource.title for resource in session.course.resources}
    lines = topics.format_exercise(
        exercise,
        session.read_progress(),
        locate_stub(session, exercise),
        session.workspace.show_path(session.workspace.locate_lesson(exercise.id)),
        [titles[name] for name in exercise.resources if name in titles],
        exercise in session.course.list_optional(),
    )
    return "\n".join(lines)


def _suggest(session: Session, words: str) -> str:
    course = session.course
    exercises = {exercise.id: exercise.title for exercise in course.iterate_exercises()}
    terms = {name: term.term for term in course.glossary for name in list_names(term)}
    close = progress.find_containing(words, {**exercises, **dict.fromkeys(terms.values(), "")})
    close = close[:8] or progress.find_similar(words, [*COMMANDS, *exercises, *terms])
    search = f"grade search {words}"
    if not close:
        return f"look for it everywhere with: {search}"
    return f"did you mean {join_choices(close)}? Or look for it: {search}"
