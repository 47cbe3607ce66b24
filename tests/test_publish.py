"""Publishing: the workflows, and the site built where nothing can be graded."""

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

REPO = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((REPO / ".github" / "workflows").glob("*.yml"))
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))
SITE = PROJECT["dependency-groups"]["site"]


def read(path: Path) -> dict[Any, Any]:
    """A workflow as data; YAML takes its key ``on`` for a truth value."""
    data = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(data, dict)
    return data


def workflow(name: str) -> dict[Any, Any]:
    """The workflow of that name."""
    return read(REPO / ".github" / "workflows" / f"{name}.yml")


def commands(job: dict[str, Any]) -> list[str]:
    """What a job runs in a shell."""
    return [step["run"] for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_and_no_more(path: Path) -> None:
    """At the top stands contents: read; what is written is written by the job that deploys."""
    data = read(path)
    assert data["permissions"] == {"contents": "read"}
    granted = {
        name: job["permissions"] for name, job in data["jobs"].items() if "permissions" in job
    }
    assert granted in ({}, {"deploy": {"pages": "write", "id-token": "write"}})
    assert data["concurrency"]["group"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_only_what_it_names(path: Path) -> None:
    """Each action is GitHub's own, at a major version; a job ends; no credentials stay behind."""
    for job in read(path)["jobs"].values():
        assert 0 < job["timeout-minutes"] <= 60
        for step in job["steps"]:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/none@v1"))
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
            if step.get("uses", "").startswith("actions/setup-python@"):
                assert step["with"]["cache"] == "pip"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_text_of_others_is_run(path: Path) -> None:
    """No command holds an expression: a title or a branch's name would be read by the shell."""
    for job in read(path)["jobs"].values():
        assert [line for line in commands(job) if "${{" in line] == []


def test_pages_are_published_from_main_or_by_hand() -> None:
    """A push to main or a click builds, then deploys what was built."""
    data = workflow("pages")
    assert data[True] == {"push": {"branches": ["main"]}, "workflow_dispatch": None}
    build, deploy = data["jobs"]["build"], data["jobs"]["deploy"]
    assert commands(build) == [
        "python -m pip install --group site",
        "python -m mkdocs build --strict",
    ]
    (upload,) = [s for s in build["steps"] if "upload-pages-artifact" in s.get("uses", "")]
    assert upload["with"]["path"] == "site"
    assert deploy["needs"] == "build"
    assert deploy["environment"]["name"] == "github-pages"


def test_ci_runs_what_contributors_run() -> None:
    """The checks are .ci/run, and Zensical's build may fail without failing them."""
    jobs = workflow("ci")["jobs"]
    assert commands(jobs["checks"]) == [".ci/run"]
    assert "continue-on-error" not in jobs["checks"]
    assert jobs["zensical"]["continue-on-error"] is True


def test_the_site_needs_a_part_of_what_the_project_needs() -> None:
    """The group is a subset of the dependencies, bounds and all."""
    assert set(SITE) < set(PROJECT["project"]["dependencies"])


BLOCKED = """
import runpy, sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"{name} is not installed here", name=name)
sys.meta_path.insert(0, Absent())
for name in ("torch", "pytest"):
    try: __import__(name)
    except ModuleNotFoundError: pass
    else: raise SystemExit(f"{name} is there")
sys.argv = ["mkdocs", "build", "--strict"]
runpy.run_module("mkdocs", run_name="__main__")
"""


def bare(requirement: str) -> str:
    """The name of a requirement, as distributions write it."""
    return re.split(r"[<>=!~\[]", requirement)[0].lower().replace("_", "-")


def absent() -> set[str]:
    """Every module of the project's dependencies that the site's group does not bring."""
    left_out = {bare(one) for one in PROJECT["project"]["dependencies"]} - {bare(o) for o in SITE}
    found = {
        module
        for module, brought in packages_distributions().items()
        if {bare(one) for one in brought} & left_out
    }
    assert {"torch", "pytest", "fsrs", "ftfy"} <= found
    return found


def test_the_site_is_built_where_torch_and_pytest_are_not(tmp_path: Path) -> None:
    """A clone builds with the site's group alone: course, log, notes, notebooks, share card."""
    root = tmp_path / "clone"
    for folder in ("curriculum", "solutions", "docs", "grader"):
        shutil.copytree(REPO / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPO / "mkdocs.yml", root)
    for folder in (".groundwork/docs", "progress", "docs/log", "docs/notes"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "progress" / "settings.toml").write_text('address = "https://example.org/llm"\n')
    (root / "docs" / "log" / "2026-11-22.md").write_text("# Mine\n\n- a line\n")
    (root / "docs" / "notes" / "a.md").write_text("# A note\n\n$x^2$\n")
    (root / "docs" / "notes" / "b.ipynb").write_text(
        '{"cells": [{"cell_type": "markdown", "metadata": {}, "source": "# A notebook"}],'
        ' "metadata": {}, "nbformat": 4, "nbformat_minor": 4}'
    )
    program = BLOCKED.replace("ABSENT", repr(absent()))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "A notebook" in (root / "site" / "notes" / "b.html").read_text("utf-8")
    assert (root / "site" / "assets" / "share.png").read_bytes().startswith(b"\x89PNG")
    assert (root / "site" / "units" / "attention" / "softmax.html").is_file()
