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

from grader.author.case import COSTS, Case
from grader.author.leash import Leash
from grader.author.ledger import ORDER
from grader.author.trial import SEEDS, Result
from grader.errors import Fault
from grader.surgery import Claim
from grader.workspace import GRADER, Workspace

LONGEST = 900.0
"""A plain run that takes longer than this is ended, in seconds."""

Key = tuple[str, str]
"""An exercise's id, and a mistake's name or nothing for the reference."""


@dataclass(slots=True)
class Plain:
    """What plain pytest found."""

    passed: dict[Key, dict[str, bool]] = field(default_factory=dict)
    said: dict[tuple[Key, str], str] = field(default_factory=dict)
    examples: dict[str, tuple[int, list[tuple[int, str]]]] = field(default_factory=dict)
    trouble: str = ""
    """Why a run broke off: what it did not come to is no verdict."""

    def add(self, lines: Sequence[dict[str, Any]], keys: dict[str, Key]) -> None:
        """Take over a ledger."""
        for line in lines:
            if "examples" in line:
                failures = [(int(at), str(said)) for at, said in line["failures"]]
                self.examples[line["examples"]] = (int(line["count"]), failures)
            elif "check" in line:
                key, check = keys[line["file"]], line["check"]
                checks = self.passed.setdefault(key, {})
                checks[check] = checks.get(check, True) and line["passed"]
                if not line["passed"]:
                    self.said.setdefault((key, check), line["said"])
            elif "broken" in line and line["file"] in keys:
                self.trouble = self.trouble or f"{line['file']}: {line['broken']}"


def run(workspace: Workspace, cases: Sequence[Case], leash: Leash) -> Plain:
    """Run every reference and its examples, then every mistake: two processes in all."""
    cases = [case for case in cases if case.stub and case.claims]
    found = Plain()
    if not cases:
        return found
    with tempfile.TemporaryDirectory(prefix="groundwork-gate-") as folder:
        root = Path(folder).resolve()
        files = {str(workspace.checks(case.exercise.id)): (case, "") for case in cases}
        _session(workspace, workspace.root, root, files, "solutions", found, leash)
        copies = dict(_copies(workspace, cases, root))
        if copies and not found.trouble:
            _session(workspace, root, root, copies, "exercises", found, leash)
    return found


def agreement(case: Case, plain: Plain, results: Sequence[Result]) -> Iterator[Fault]:
    """Where plain pytest and the judge do not give the same verdict."""
    for result in results:
        trial = result.trial
        both = trial.kind in ("reference", "mistake") and trial.seed == SEEDS[0]
        if not both or result.report.fault:  # a check that broke is named as such
            continue
        name = trial.name if trial.kind == "mistake" else ""
        key = (case.exercise.id, name)
        for claim in case.claims:
            passes = result.answers_well(claim.name)
            if name and _by_chance(case, name, claim):
                continue
            if plain.passed.get(key, {}).get(claim.name, passes) == passes:
                continue
            said = plain.said.get((key, claim.name), "")
            ways = ("the judge", f"plain pytest: {said}"[:300])
            passing, failing = ways if passes else ("plain pytest", "the judge")
            problem = f"{name or 'the reference'} passes {claim.name} in {passing}"
            remedy = "let nothing in the check depend on where the code lives"
            at, line = case.at.checks, claim.line
            yield Fault(at, line, 1, f"{problem}, and fails it in {failing}", remedy)


def _by_chance(case: Case, mistake: str, claim: Claim) -> bool:
    """Whether a check measures time or memory, and the mistake is about something else.

    Such a mistake may be measured on either side of the bound.
    """
    about = any(m.name == mistake and m.caught_by == claim.name for m in case.mistakes)
    return bool(COSTS & set(claim.asks)) and not about


def examples(case: Case, plain: Plain) -> Iterator[Fault]:
    """The examples in the reference's docstrings are there and hold."""
    if case.exercise.id not in plain.examples:
        return
    count, failures = plain.examples[case.exercise.id]
    if not count and not failures:
        line = min((node.lineno for _, node in case.written().values()), default=1)
        problem, remedy = "no docstring has an example", "add one with >>>, to check by hand"
        yield Fault(case.at.reference, line, 1, problem, remedy)
    for line, said in failures:
        problem = f"the example does not hold: {' '.join(said.split())[:200]}"
        yield Fault(case.at.reference, line, 1, problem, "mend the example or the reference")


def _copies(
    workspace: Workspace, cases: Sequence[Case], root: Path
) -> Iterator[tuple[str, tuple[Case, str]]]:
    """For each mistake a workspace of its own, in which the mistake is the learner's file."""
    number = 0
    for case in cases:
        for name, text in case.variants.items():
            number += 1
            copy = Workspace(root / f"w{number}")
            for path, content in [
                (copy.checks(case.exercise.id), case.checks),
                (copy.stub(case.exercise.id), text),
            ]:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, "utf-8")
            _lend(workspace.root / "solutions", copy.root / "solutions")
            _lend(workspace.curriculum / "data", copy.curriculum / "data")
            yield str(copy.checks(case.exercise.id)), (case, name)


def _lend(folder: Path, to: Path) -> None:
    """The folder's contents under another path: links, or copies where links are refused.

    A folder that is there already keeps what it has: the unit ``data`` lies among the data.
    """
    if to.is_dir():
        for path in folder.iterdir():
            if not (to / path.name).exists():
                _lend(path, to / path.name)
        return
    if folder.is_file():
        shutil.copy(folder, to)
    if not folder.is_dir():
        return
    try:
        to.symlink_to(folder, target_is_directory=True)
    except OSError:
        shutil.copytree(folder, to)


def _session(
    workspace: Workspace,
    root: Path,
    scratch: Path,
    files: dict[str, tuple[Case, str]],
    target: str,
    found: Plain,
    leash: Leash,
) -> None:
    """One pytest process over many check files, as a learner would start it."""
    ledger, order = scratch / f"{target}.jsonl", scratch / f"{target}.json"
    ledger.touch()
    references = [case for case, name in files.values() if not name]
    told = {
        "ledger": str(ledger),
        "seconds": {file: case.exercise.call_seconds for file, (case, _) in files.items()},
        "examples": [_example(workspace, case) for case in references],
    }
    order.write_text(json.dumps(told), "utf-8")
    ended = _pytest(_command(workspace, root, list(files), target), root, order, leash)
    lines = [json.loads(line) for line in ledger.read_text("utf-8").splitlines()]
    found.add(lines, {file: (case.exercise.id, name) for file, (case, name) in files.items()})
    if not any("closed" in line for line in lines):
        found.trouble = found.trouble or f"plain pytest broke off: {ended}"


def _example(workspace: Workspace, case: Case) -> dict[str, Any]:
    return {
        "exercise": case.exercise.id,
        "path": str(workspace.reference(case.exercise.id)),
        "others": str(workspace.root / "solutions"),
        "seconds": case.exercise.seconds,
    }


def _command(workspace: Workspace, root: Path, files: list[str], target: str) -> list[str]:
    """How pytest is called, with the workspace's settings."""
    settings = workspace.root / "pyproject.toml"
    if not settings.is_file():
        settings = GRADER / "engine" / "checks.ini"
    command = [sys.executable, "-P", "-B", "-m", "pytest", *files, "--target", target]
    command += [f"--seed={SEEDS[0]}", "-c", str(settings), f"--rootdir={root}"]
    command += ["--import-mode=importlib", "-q", "--tb=line", "-p", "no:cacheprovider"]
    return [*command, "-p", "grader.engine.plain", "-p", "grader.author.ledger"]


def _pytest(command: list[str], root: Path, order: Path, leash: Leash) -> str:
    """Run pytest; how it ended, in words."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST")}
    kept |= {ORDER: str(order), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OMP_NUM_THREADS": "1"}
    try:
        ended = leash.run(command, root, kept, LONGEST)
    except subprocess.TimeoutExpired:
        return f"it took longer than {LONGEST:g} seconds"
    said = (ended.stderr or ended.stdout).decode(errors="replace").strip().splitlines()
    return " / ".join(said[-3:]) or f"it ended with exit code {ended.returncode}"
