"""Plain pytest beside the judge: the same verdict, check by check, and the examples hold."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.authoring.case import COSTS, Case
from grader.authoring.child_process import ChildProcess
from grader.authoring.result_plugin import ORDER
from grader.authoring.trial import SEEDS, TrialResult
from grader.base.errors import Fault
from grader.base.paths import GRADER, Workspace

SILENT = 600.0
"""A plain run that has no further result for so long is ended, in seconds."""
BATCH = 250
"""So many mistakes go into one process, or all of one exercise: few processes, none for long."""

Key = tuple[str, str]
"""An exercise's id, and a variant's label or nothing for the reference."""


@dataclass(slots=True)
class PlainResults:
    """What plain pytest found."""

    passed: dict[Key, dict[str, bool]] = field(default_factory=dict)
    messages: dict[tuple[Key, str], str] = field(default_factory=dict)
    examples: dict[str, tuple[int, list[tuple[int, str]]]] = field(default_factory=dict)
    trouble: str = ""
    """Why a run broke off: what it did not come to is no verdict."""

    def add(self, lines: Sequence[dict[str, Any]], keys: dict[str, Key]) -> None:
        """Take over the lines that the plugin wrote."""
        for line in lines:
            if "examples" in line:
                failures = [(int(at), str(message)) for at, message in line["failures"]]
                self.examples[line["examples"]] = (int(line["count"]), failures)
            elif "check" in line:
                key, check = keys[line["file"]], line["check"]
                checks = self.passed.setdefault(key, {})
                checks[check] = checks.get(check, True) and line["passed"]
                if not line["passed"]:
                    self.messages.setdefault((key, check), line["message"])
            elif "broken" in line and line["file"] in keys:
                self.trouble = self.trouble or f"{line['file']}: {line['broken']}"


def make_batches(cases: Sequence[Case]) -> list[list[Case]]:
    """Return the cases in lists whose mistakes one process tries in well under its time."""
    batches: list[list[Case]] = []
    room = 0
    for case in cases:
        room -= len(case.variants)
        if room < 0 or not batches:
            batches.append([])
            room = BATCH - len(case.variants)
        batches[-1].append(case)
    return batches


def run_plain_pytest(
    workspace: Workspace, cases: Sequence[Case], child: ChildProcess
) -> PlainResults:
    """Run every reference and its examples, then every mistake: two processes in all.

    What a check of time or memory says of a mistake that is about something else is left to
    chance, so it is not asked. Nor is a check that has processes killed, which takes seconds, if
    there are mistakes that it catches.
    """
    cases = [case for case in cases if case.stub and case.claims]
    found = PlainResults()
    if not cases:
        return found
    with tempfile.TemporaryDirectory(prefix="groundwork-gate-") as folder:
        root = Path(folder).resolve()
        files = {str(workspace.locate_checks(case.exercise.id)): (case, "") for case in cases}
        _run_session(workspace, workspace.root, root, files, "solutions", found, child)
        copies = dict(_write_copies(workspace, cases, root))
        if copies and not found.trouble:
            _run_session(workspace, root, root, copies, "exercises", found, child)
    return found


def compare_verdicts(
    case: Case, plain: PlainResults, results: Sequence[TrialResult]
) -> Iterator[Fault]:
    """Yield where plain pytest and the judge do not give the same verdict."""
    for result in results:
        trial = result.trial
        both = trial.kind in ("reference", "mistake") and trial.seed == SEEDS[0]
        if not both or result.report.fault:  # a check that broke is named as such
            continue
        name = trial.name if trial.variant else ""
        key = (case.exercise.id, name)
        left_out = list_left_out(case, name) if name else []
        for claim in case.claims:
            passes = result.has_right_answer(claim.name)
            if claim.name in left_out:
                continue
            if plain.passed.get(key, {}).get(claim.name, passes) == passes:
                continue
            message = plain.messages.get((key, claim.name), "")
            ways = ("the judge", f"plain pytest: {message}"[:300])
            passing, failing = ways if passes else ("plain pytest", "the judge")
            problem = f"{name or 'the reference'} passes {claim.name} in {passing}"
            remedy = "make the check independent of the process that the code runs in"
            at, line = case.at.checks, claim.line
            yield Fault(at, line, 1, f"{problem}, and fails it in {failing}", remedy)


def list_left_out(case: Case, label: str) -> list[str]:
    """List the checks of time, memory or kills that a variant of the reference is not about.

    Its time or memory may be measured on either side of the bound. A kill takes about a second, so
    a check that has mistakes of its own is proved by these alone.
    """
    mistake = next(variant.mistake for variant in case.variants if variant.label == label)
    about = {one.caught_by for one in case.mistakes if one.name == mistake}
    catching = {one.caught_by for one in case.mistakes}
    costs = [
        claim.name
        for claim in case.claims
        if COSTS & set(claim.asks) or ("killed" in claim.asks and claim.name in catching)
    ]
    return [name for name in costs if name not in about]


def check_examples(case: Case, plain: PlainResults) -> Iterator[Fault]:
    """Yield where the examples in the reference's docstrings are missing or fail."""
    if case.exercise.id not in plain.examples:
        return
    count, failures = plain.examples[case.exercise.id]
    if not count and not failures:
        line = min((node.lineno for _, node in case.find_functions().values()), default=1)
        problem, remedy = "no docstring has an example", "add one with >>>, to check by hand"
        yield Fault(case.at.reference, line, 1, problem, remedy)
    for line, message in failures:
        problem = f"the example fails: {' '.join(message.split())[:200]}"
        yield Fault(case.at.reference, line, 1, problem, "fix the example or the reference")


def _write_copies(
    workspace: Workspace, cases: Sequence[Case], root: Path
) -> Iterator[tuple[str, tuple[Case, str]]]:
    """Write a workspace for each mistake, in which the mistake is the learner's file."""
    number = 0
    for case in cases:
        for variant in case.variants:
            number += 1
            copy = Workspace(root / f"w{number}")
            for path, content in [
                (copy.locate_checks(case.exercise.id), case.checks),
                (copy.locate_stub(case.exercise.id), variant.text),
            ]:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, "utf-8")
            shared = workspace.locate_shared(case.exercise.unit)
            if shared.is_file():
                copy.locate_shared(case.exercise.unit).write_bytes(shared.read_bytes())
            _link_folder(workspace.root / "solutions", copy.root / "solutions")
            _link_folder(workspace.curriculum / "data", copy.curriculum / "data")
            yield str(copy.locate_checks(case.exercise.id)), (case, variant.label)


def _link_folder(folder: Path, to: Path) -> None:
    """Link the folder's contents to another path, or copy them where links are refused.

    A folder that is there already keeps what it has: the unit ``data`` lies among the data.
    """
    if to.is_dir():
        for path in folder.iterdir():
            if not (to / path.name).exists():
                _link_folder(path, to / path.name)
        return
    if folder.is_file():
        shutil.copy(folder, to)
    if not folder.is_dir():
        return
    try:
        to.symlink_to(folder, target_is_directory=True)
    except OSError:
        shutil.copytree(folder, to)


def _run_session(
    workspace: Workspace,
    root: Path,
    scratch: Path,
    files: dict[str, tuple[Case, str]],
    target: str,
    found: PlainResults,
    child: ChildProcess,
) -> None:
    """Run one pytest process over many check files, as a learner would start it."""
    results, order = scratch / f"{target}.jsonl", scratch / f"{target}.json"
    results.touch()
    references = [case for case, name in files.values() if not name]
    settings = {
        "results": str(results),
        "seconds": {file: case.exercise.call_seconds for file, (case, _) in files.items()},
        "left_out": {
            file: list_left_out(case, name) for file, (case, name) in files.items() if name
        },
        "examples": [_describe_example(workspace, case) for case in references],
    }
    order.write_text(json.dumps(settings), "utf-8")
    command = _build_command(workspace, root, list(files), target)
    ended = _run_pytest(command, root, order, results, child)
    lines = [json.loads(line) for line in results.read_text("utf-8").splitlines()]
    found.add(lines, {file: (case.exercise.id, name) for file, (case, name) in files.items()})
    if not any("closed" in line for line in lines):
        found.trouble = found.trouble or f"plain pytest ended early: {ended}"


def _describe_example(workspace: Workspace, case: Case) -> dict[str, Any]:
    return {
        "exercise": case.exercise.id,
        "path": str(workspace.locate_reference(case.exercise.id)),
        "others": str(workspace.root / "solutions"),
        "seconds": case.exercise.seconds,
    }


def _build_command(workspace: Workspace, root: Path, files: list[str], target: str) -> list[str]:
    """Build the command of pytest, with the workspace's settings."""
    settings = workspace.root / "pyproject.toml"
    if not settings.is_file():
        settings = GRADER / "grading" / "judge" / "checks.ini"
    command = [sys.executable, "-P", "-B", "-m", "pytest", *files, "--target", target]
    command += [f"--seed={SEEDS[0]}", "-c", str(settings), f"--rootdir={root}"]
    command += ["--import-mode=importlib", "-q", "--tb=line", "-p", "no:cacheprovider"]
    return [*command, "-p", "grader.grading.local", "-p", "grader.authoring.result_plugin"]


def _run_pytest(
    command: list[str], root: Path, order: Path, results: Path, child: ChildProcess
) -> str:
    """Run pytest for as long as there are new results; return in words how it ended."""
    variables = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST")}
    variables |= {ORDER: str(order), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OMP_NUM_THREADS": "1"}
    try:
        ended = child.run(command, root, variables, SILENT, results)
    except subprocess.TimeoutExpired:
        return f"it had no result for {SILENT:g} seconds"
    lines = (ended.stderr or ended.stdout).decode(errors="replace").strip().splitlines()
    return " / ".join(lines[-3:]) or f"it ended with exit code {ended.returncode}"
