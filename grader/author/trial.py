"""Trials: one source put to an exercise's checks, as a learner's file is graded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from grader import diagnosis
from grader.author.case import Case
from grader.engine.client import Engine
from grader.engine.plan import Finding, Plan, Report, Source
from grader.workspace import Workspace

SEEDS = (1, 2, 3)
"""The reference is judged with each; all else with the first."""

TORCH = '__import__("torch")'


@dataclass(frozen=True, slots=True)
class Trial:
    """One source, and what it is to show."""

    kind: Literal["stub", "reference", "mistake", "empty"]
    name: str
    """The mistake's name, or in words what an empty answer is."""
    text: str
    seed: int = SEEDS[0]


@dataclass(frozen=True, slots=True)
class Result:
    """What a trial found."""

    trial: Trial
    report: Report
    looks_like: str | None = None
    fits: tuple[str, ...] = ()
    """The mistakes that give the same answers to every check that it fails."""
    seconds: float = 0.0

    def finding(self, check: str) -> Finding | None:
        """What was found in a check, None where it did not come to an end."""
        return next((found for found in self.report.findings if found.name == check), None)

    def passes(self, check: str) -> bool:
        """Whether a check passed."""
        found = self.finding(check)
        return found is not None and found.status == "passed"

    def answers_well(self, check: str) -> bool:
        """Whether a check found nothing wrong but, at most, an argument changed in place.

        Only the judge sees that in every check; in one process the check alone would have to.
        """
        found = self.finding(check)
        return found is not None and (found.status == "passed" or found.in_place)


def trials(case: Case) -> Iterator[Trial]:
    """Every trial that a sound exercise stands."""
    if not (case.stub and case.claims):
        return
    yield Trial("stub", "the stub", case.stub)
    for seed in SEEDS:
        yield Trial("reference", "the reference", case.reference, seed)
    for name, text in case.variants.items():
        yield Trial("mistake", name, text)
    yield from _empty(case)


def hold(workspace: Workspace, engine: Engine, case: Case, trial: Trial) -> Result:
    """Put a source to the checks; for a mistake, also ask what it looks like."""
    with engine.run(plan(workspace, case, trial)) as conducted:
        report = conducted.report()
        looks_like, fits = None, tuple[str, ...]()
        failed = [found.name for found in report.findings if found.status == "failed"]
        if trial.kind == "mistake" and failed and not report.fault:
            evidence = conducted.evidence(case.reference, case.variants)
            looks_like = diagnosis.fitting(evidence, failed)
            fits = tuple(name for name, shown in evidence.items() if all(shown.values()))
    return Result(trial, report, looks_like, fits)


def plan(workspace: Workspace, case: Case, trial: Trial) -> Plan:
    """The run of a trial, under the exercise's own deadlines."""
    exercise = case.exercise
    source = Source(
        exercise.id,
        trial.text,
        case.at.stub.as_posix(),
        str(workspace.root / "solutions"),
        exercise.forbids,
    )
    return Plan(
        source=source,
        check_file=str(workspace.checks(exercise.id)),
        seed=trial.seed,
        call_seconds=exercise.call_seconds,
        seconds=exercise.seconds,
        memory_mb=exercise.memory_mb,
    )


def _empty(case: Case) -> Iterator[Trial]:
    """Answers that take no thought, one function at a time; ``__init__`` stays right."""
    for path, (owner, function) in case.written().items():
        if function.name == "__init__":
            continue
        for says, value in _values(function, owner):
            yield Trial("empty", f"{path} gives {says}", _giving(case.reference, path, value))


def _values(function: ast.FunctionDef, owner: str | None) -> Iterator[tuple[str, str]]:
    """In words and in code, what such an answer is."""
    arguments = function.args
    named = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
    static = any(getattr(node, "id", "") == "staticmethod" for node in function.decorator_list)
    given = named[1:] if owner and not static else named
    given += [argument.arg for argument in arguments.kwonlyargs]
    yield "0.0", "0.0"
    yield "None", "None"
    yield "an empty list", "[]"
    if given:
        of = f"for a in ({', '.join(given)},) if isinstance(a, {TORCH}.Tensor)"
        yield "its first argument", given[0]
        yield "zeros", f"next(({TORCH}.zeros_like(a) {of}), 0.0)"


def _giving(reference: str, path: str, value: str) -> str:
    """The reference with one function that only returns ``value``."""
    tree = ast.parse(reference)
    owner, _, method = path.rpartition(".")
    body = tree.body
    if owner:
        body = next(n.body for n in body if isinstance(n, ast.ClassDef) and n.name == owner)
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == method:
            node.body = [ast.Return(ast.parse(value, mode="eval").body)]
    return ast.unparse(ast.fix_missing_locations(tree))
