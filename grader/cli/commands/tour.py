"""``grade tour``: the whole loop, played for real in a copy that is thrown away."""

from __future__ import annotations

import ast
import shutil
import sys
import time
from pathlib import Path

import click

from grader.base.errors import GraderFault
from grader.base.files import write_file
from grader.base.paths import Workspace
from grader.cli.commands.study import introduce_exercise
from grader.cli.console import overview, verdict
from grader.cli.console.terminal import paint, say
from grader.course.model import Exercise
from grader.grading.client import Engine
from grader.learner.journal import Journal
from grader.services.grading import grade
from grader.services.session import Session

EXERCISE, MISTAKE, SEED = "attention/softmax", "no_shift", 20
COPIED = ("curriculum", "solutions", "grader", "docs", "mkdocs.yml")
PAUSE = 4.0
"""Seconds to read a step in a terminal."""
LINE = "softmax overflowed until I subtracted the largest logit"


@click.command()
@click.pass_context
def tour(ctx: click.Context) -> None:
    """Play the whole workflow once: a wrong answer, its diagnosis, a pass, the log, the site.

    It runs in a copy in .groundwork/tour; your files and records are not changed.
    """
    began = time.perf_counter()
    real = Session.open(Workspace.find())
    copy = Session.open(_copy_workspace(real.workspace))
    exercise = copy.course.find_exercise(EXERCISE)
    with Engine() as engine:
        engine.start()
        _play(copy, engine, exercise)
    _show_step(4, "A line in the daily log", f'grade log "{LINE}"')
    added = Journal(copy.workspace.log).add(copy.get_today(), LINE)
    say(f"  Added to {copy.workspace.show_path(added)}")
    _show_step(5, "The site, with the pass and the log in it", "grade site build")
    index = _build_site(copy.workspace)
    say(f"  {index}")
    say(f"\n{time.perf_counter() - began:.0f} seconds. Your files were not changed. Your turn:\n")
    _show_next(real)
    ctx.exit(0)


def _play(copy: Session, engine: Engine, exercise: Exercise) -> None:
    """Grade the wrong answer, show its diagnosis, and grade the right one."""
    path = copy.workspace.locate_stub(exercise.id)
    write_file(path, copy.make_stub(exercise))
    _show_step(1, "You get a stub whose docstring is the whole contract", "grade")
    introduce_exercise(copy, exercise)
    first, fixed = copy.make_variants(exercise)[MISTAKE][0], copy.read_reference(exercise)
    _show_step(
        2, "A typical first try, wrong in one place", f"grade {EXERCISE}", _extract_body(first)
    )
    write_file(path, first)
    wrong = grade(copy, engine, exercise, SEED)
    verdict.show_outcome(wrong, exercise)
    _show_step(
        3,
        "Fixed: the message led to the cause",
        f"grade {EXERCISE}",
        _extract_body(fixed),
    )
    write_file(path, fixed)
    right = grade(copy, engine, exercise, SEED)
    verdict.show_outcome(right, exercise)
    if (wrong.verdict, right.verdict) != ("failed", "passed") or wrong.looks_like is None:
        raise GraderFault("the tour failed; run: grade doctor")
    overview.show_pass(exercise, copy.read_progress(), "")


def _copy_workspace(workspace: Workspace) -> Workspace:
    """Make a fresh copy of the course, without anything of the learner's."""
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
    session = Session.open(copy)
    for exercise in session.course.iterate_exercises():
        write_file(copy.locate_stub(exercise.id), session.make_stub(exercise))
    return copy


def _build_site(workspace: Workspace) -> Path:
    from grader import site

    return site.build(workspace)


def _show_step(number: int, title: str, typed: str, code: str = "") -> None:
    """Say what comes, show the code that is graded, and leave a moment to read."""
    if number > 1 and sys.stdout.isatty():
        time.sleep(PAUSE)
    say(f"\n{paint(f'{number}  {title}', 'strong')}")
    for line in code.splitlines():
        say(f"  {paint(f'| {line}', 'name')}")
    say(f"  {paint(f'$ {typed}', 'faint')}")


def _extract_body(source: str) -> str:
    """Return what the function does, without its docstring and comments."""
    tree = ast.parse(source)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    code = [s for s in function.body if not isinstance(s, ast.Expr)]
    return "\n".join(ast.unparse(statement) for statement in code)


def _show_next(real: Session) -> None:
    following = real.read_progress().next
    if following is None:
        overview.show_done(real.course)
    else:
        introduce_exercise(real, real.course.find_exercise(following))
