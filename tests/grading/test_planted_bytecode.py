"""Compiled files that a learner's code left beside checks or engine have no say in a verdict."""

from __future__ import annotations

import importlib._bootstrap_external as bootstrap
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.assertion.rewrite import PYC_TAIL
from small_course import REFERENCE, Bench, statuses

from grader.grading.client import Engine
from grader.grading.host import discovery

WRONG = REFERENCE.replace("x * 2", "x * 3")
FAILED = ["failed", "failed", "passed"]
GRADE = """
import json, sys
from pathlib import Path
home, root, text, cold = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4] == "cold"
sys.path.insert(0, str(home))
from grader.grading import client
from grader.grading.host import discovery
from grader.grading.protocol.plan import Plan, Source
assert Path(discovery.GRADER) == home / "grader"
source = Source("demo/twice", text, "exercises/demo/twice.py", str(root / "solutions"))
checks = str(root / "curriculum" / "demo" / "check_twice.py")
with client.Engine(cold) as engine, engine.run(Plan(source, checks, 1, 5.0, 30.0, 512)) as run:
    print(json.dumps([finding.status for finding in run.collect_report().findings]))
discovery.stop_hosts()
"""


def compile_by_time(source: Path, text: str) -> bytes:
    """A compiled file that fits its source by time and size, and holds other code."""
    found, code = source.stat(), compile(text, str(source), "exec")
    return bytes(bootstrap._code_to_timestamp_pyc(code, int(found.st_mtime), found.st_size))  # type: ignore[attr-defined]


def compile_by_hash(source: Path, text: str) -> bytes:
    """A compiled file that fits its source by a hash, and holds other code."""
    code = compile(text, str(source), "exec")
    digest = importlib.util.source_hash(source.read_bytes())
    return bytes(bootstrap._code_to_hash_pyc(code, digest))  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", [compile_by_time, compile_by_hash])
@pytest.mark.parametrize("cold", [False, True])
def test_a_compiled_check_file_is_not_run(
    bench: Bench, cold: bool, form: Callable[[Path, str], bytes]
) -> None:
    """Checks that demand nothing, compiled beside the check file, are never loaded."""
    lines = bench.check_file.read_text("utf-8").splitlines()
    names = [line[4:].partition("(")[0] for line in lines if line.startswith("def ")]
    empty = "".join(f"def {name}(twice): pass\n" for name in names)
    folder = bench.check_file.with_name("__pycache__")
    folder.mkdir()
    for tail in (PYC_TAIL, f".{sys.implementation.cache_tag}.pyc"):
        compiled = folder / f"{bench.check_file.stem}{tail}"
        compiled.write_bytes(form(bench.check_file, empty))
    with Engine(cold) as engine, engine.run(bench.plan(WRONG)) as run:
        assert statuses(run.collect_report()) == FAILED


@pytest.mark.slow
@pytest.mark.parametrize("way", ["warm", "cold"])
def test_a_compiled_module_of_the_engine_is_not_run(
    bench: Bench,
    socket_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    """An ``equal`` that accepts anything, compiled beside the judge's, is never loaded."""
    monkeypatch.setenv("GROUNDWORK_ENGINE", str(socket_folder))
    home = tmp_path / "home"
    shutil.copytree(discovery.GRADER, home / "grader", ignore=shutil.ignore_patterns("*.pyc"))
    module = home / "grader" / "grading" / "judge" / "expect.py"
    forged = (
        module.read_text("utf-8") + "\n\ndef equal(got, want, *, say=''): pass\nclose = equal\n"
    )
    compiled = Path(importlib.util.cache_from_source(str(module)))
    compiled.parent.mkdir(exist_ok=True)
    compiled.write_bytes(compile_by_time(module, forged))
    done = subprocess.run(
        [sys.executable, "-P", "-c", GRADE, str(home), str(bench.root), WRONG, way],
        capture_output=True,
        text=True,
        cwd="/",
    )
    assert done.stdout and json.loads(done.stdout) == FAILED, done.stderr
