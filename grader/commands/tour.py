"""``grade tour``: the whole loop, played for real in a copy that is thrown away."""

from __future__ import annotations

import ast
import shutil
import sys
import time
from pathlib import Path

import click

from grader.commands.study import next_in_words
from grader.console import overview, verdict
from grader.console.paint import paint, say
from grader.course import Exercise
from grader.engine.client import Engine
from grader.errors import GraderFault
from grader.journal import Journal
from grader.practice import Desk, grade
from grader.practice.assist import write_whole
from grader.workspace import Workspace

EXERCISE, MISTAKE, SEED = "attention/softmax", "no_shift", 20
COPIED = ("curriculum", "solutions", "grader", "docs", "mkdocs.yml")
PAUSE = 4.0
"""Seconds to read a step in a terminal."""
LINE = "softmax overflowed until I shifted the scores by their largest"


@click.command()
@click.pass_context
def tour(ctx: click.Context) -> None:
    """Watch the whole loop once: a wrong answer, its diagnosis, a pass, the log, the site.

    It plays in a copy below .groundwork/tour; your files and records stay as they are.
    """
    began = time.perf_counter()
    real = Desk.at(Workspace.find())
    copy = Desk.at(_copied(real.workspace))
    exercise = copy.course.exercise(EXERCISE)
    with Engine() as engine:
        engine.start()
        _play(copy, engine, exercise)
    _step(4, "A line in the daily log", f'grade log "{LINE}"')
    say(f"  Added to {copy.workspace.shown(Journal(copy.workspace.log).add(copy.today(), LINE))}")
    _step(5, "The site, with the pass and the log in it", "grade site build")
    index = _built(copy.workspace)
    say(f"  {index}")
    say(f"\n{time.perf_counter() - began:.0f} seconds. Nothing of yours was touched. Your turn:\n")
    _your_turn(real)
    ctx.exit(0)


def _play(copy: Desk, engine: Engine, exercise: Exercise) -> None:
    """The wrong answer, its diagnosis, and the right one."""
    path = copy.workspace.stub(exercise.id)
    write_whole(path, copy.stub(exercise))
    _step(1, "You get a stub whose docstring is the whole contract", "grade")
    next_in_words(copy, exercise)
    first, mended = copy.variants(exercise)[MISTAKE], copy.reference(exercise)
    _step(2, "A typical first try, wrong in one place", f"grade {EXERCISE}", _body(first))
    write_whole(path, first)
    wrong = grade(copy, engine, exercise, SEED)
    verdict.show(wrong, exercise)
    _step(3, "Mended: what the message said led to the cause", f"grade {EXERCISE}", _body(mended))
    write_whole(path, mended)
    right = grade(copy, engine, exercise, SEED)
    verdict.show(right, exercise)
    if (wrong.verdict, right.verdict) != ("failed", "passed") or wrong.looks_like is None:
        raise GraderFault("the tour did not go as it should; run: grade doctor")
    overview.show_pass(exercise, copy.progress(), "")


def _copied(workspace: Workspace) -> Workspace:
    """A fresh copy of the course, without anything of the learner's."""
    root = workspace.generated / "tour"
    shutil.rmtree(root, ignore_errors=True)
    (root / ".groundwork" / "docs").mkdir(parents=True)
    for name in COPIED:
        source = workspace.root / name
        if source.is_dir():
            own = ("notes", "log") if source == workspace.handwritten else ()
            ignored = shutil.ignore_patterns("__pycache__", ".*", *own)
            shutil.copytree(source, root / name, ignore=ignored)
        elif source.is_file():
            shutil.copy2(source, root / name)
    copy = Workspace(root)
    desk = Desk.at(copy)
    for exercise in desk.course.exercises():
        write_whole(copy.stub(exercise.id), desk.stub(exercise))
    return copy


def _built(workspace: Workspace) -> Path:
    from grader import pages

    return pages.build(workspace)


def _step(number: int, title: str, typed: str, code: str = "") -> None:
    """Say what comes, show the code that is graded, and leave a moment to read."""
    if number > 1 and sys.stdout.isatty():
        time.sleep(PAUSE)
    say(f"\n{paint(f'{number}  {title}', 'strong')}")
    for line in code.splitlines():
        say(f"  {paint(f'| {line}', 'name')}")
    say(f"  {paint(f'$ {typed}', 'faint')}")


def _body(source: str) -> str:
    """What the function does, without its docstring and comments."""
    tree = ast.parse(source)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    code = [s for s in function.body if not isinstance(s, ast.Expr)]
    return "\n".join(ast.unparse(statement) for statement in code)


def _your_turn(real: Desk) -> None:
    following = real.progress().next
    if following is None:
        overview.show_done(real.course)
    else:
        next_in_words(real, real.course.exercise(following))
