"""Trials: one source put to an exercise's checks, as a learner's file is graded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from grader.authoring.case import Case
from grader.base.paths import Workspace
from grader.course.source.variants import Variant, group_by_mistake
from grader.grading.client import Engine
from grader.grading.diagnosis import choose_mistake, list_candidates
from grader.grading.protocol.plan import Finding, Plan, Report, Source
from grader.services.grading import WRONG

SEEDS = (1, 2, 3)
"""The reference is judged with each; all else with the first."""

GATE_SECONDS = 600.0
"""So long the gate waits for the mistakes' answers: here nothing may be left unasked."""

TORCH = '__import__("torch")'


@dataclass(frozen=True, slots=True)
class Trial:
    """One source, and what it is to show."""

    kind: Literal["stub", "reference", "mistake", "empty"]
    name: str
    """The variant's label, or in words what an empty answer is."""
    text: str
    seed: int = SEEDS[0]
    variant: Variant | None = None
    """What a mistake is tried with."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What a trial found."""

    trial: Trial
    report: Report
    looks_like: str | None = None
    fits: tuple[str, ...] = ()
    """The mistakes that give the same answers to every check that it fails."""
    seconds: float = 0.0

    def get_finding(self, check: str) -> Finding | None:
        """Return what was found in a check, or None where it did not finish."""
        return next((found for found in self.report.findings if found.name == check), None)

    def has_passed(self, check: str) -> bool:
        """Return True if a check passed."""
        found = self.get_finding(check)
        return found is not None and found.status == "passed"

    def has_right_answer(self, check: str) -> bool:
        """Return True if a check found nothing wrong but, at most, an argument changed in place.

        Only the judge sees that in every check; in one process the check alone would have to.
        """
        found = self.get_finding(check)
        return found is not None and (found.status == "passed" or found.in_place)


def list_trials(case: Case) -> Iterator[Trial]:
    """Yield every trial that a sound exercise passes."""
    if not (case.stub and case.claims):
        return
    yield Trial("stub", "the stub", case.stub)
    for seed in SEEDS:
        yield Trial("reference", "the reference", case.reference, seed)
    for variant in case.variants:
        yield Trial("mistake", variant.label, variant.text, variant=variant)
    yield from _list_empty(case)


def run_trial(
    workspace: Workspace, engine: Engine, case: Case, trial: Trial, answers: str = ""
) -> TrialResult:
    """Put a source to the checks; for a mistake, also ask what it looks like.

    ``answers`` is a folder in which the mistakes' answers are kept from one trial to the next.
    """
    with engine.run(replace(build_plan(workspace, case, trial), answers=answers)) as run:
        report = run.collect_report()
        looks_like, fits = None, tuple[str, ...]()
        failed = [found.name for found in report.findings if found.status in WRONG]
        if trial.kind == "mistake" and failed and not report.fault:
            spellings = group_by_mistake(case.variants)
            caught_by = {mistake.name: mistake.caught_by for mistake in case.mistakes}
            candidates = {name: spellings[name] for name in list_candidates(caught_by, failed)}
            evidence = run.collect_evidence(case.reference, candidates, GATE_SECONDS)
            looks_like = choose_mistake(evidence, failed, caught_by)
            fits = tuple(name for name, shown in evidence.items() if all(shown.values()))
    return TrialResult(trial, report, looks_like, fits)


def build_plan(workspace: Workspace, case: Case, trial: Trial) -> Plan:
    """Build the plan of a trial, with the exercise's own deadlines."""
    exercise = case.exercise
    source = Source(
        exercise.id,
        trial.text,
        case.at.stub.as_posix(),
        str(workspace.root / "solutions"),
        exercise.forbids,
        case.reach,
    )
    return Plan(
        source=source,
        check_file=str(workspace.locate_checks(exercise.id)),
        seed=trial.seed,
        call_seconds=exercise.call_seconds,
        seconds=exercise.seconds,
        memory_mb=exercise.memory_mb,
    )


def _list_empty(case: Case) -> Iterator[Trial]:
    """Yield trivial answers, one function at a time; ``__init__`` stays right."""
    for path, (owner, function) in case.find_functions().items():
        if function.name == "__init__":
            continue
        for says, value in _list_values(function, owner):
            yield Trial("empty", f"{path} gives {says}", _replace_body(case.reference, path, value))


def _list_values(function: ast.FunctionDef, owner: str | None) -> Iterator[tuple[str, str]]:
    """Yield such answers, in words and in code."""
    arguments = function.args
    names = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
    static = any(getattr(node, "id", "") == "staticmethod" for node in function.decorator_list)
    given = names[1:] if owner and not static else names
    given += [argument.arg for argument in arguments.kwonlyargs]
    yield "0.0", "0.0"
    yield "None", "None"
    yield "an empty list", "[]"
    if given:
        of = f"for a in ({', '.join(given)},) if isinstance(a, {TORCH}.Tensor)"
        yield "its first argument", given[0]
        yield "zeros", f"next(({TORCH}.zeros_like(a) {of}), 0.0)"


def _replace_body(reference: str, path: str, value: str) -> str:
    """Return the reference with one function that only returns ``value``."""
    tree = ast.parse(reference)
    owner, _, method = path.rpartition(".")
    body = tree.body
    if owner:
        body = next(n.body for n in body if isinstance(n, ast.ClassDef) and n.name == owner)
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == method:
            node.body = [ast.Return(ast.parse(value, mode="eval").body)]
    return ast.unparse(ast.fix_missing_locations(tree))
