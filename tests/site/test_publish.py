"""Publishing: the workflows, and the site built where nothing can be graded."""

import os
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

from grader.learner.github_pages import VARIABLE, derive_address

REPO = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((REPO / ".github" / "workflows").glob("*.yml"))
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))
SITE = PROJECT["dependency-groups"]["site"]


def parsed_file(path: Path) -> dict[Any, Any]:
    """A workflow as data; YAML takes its key ``on`` for a truth value."""
    data = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(data, dict)
    return data


def workflow(name: str) -> dict[Any, Any]:
    """The workflow of that name."""
    return parsed_file(REPO / ".github" / "workflows" / f"{name}.yml")


def commands(job: dict[str, Any]) -> list[str]:
    """What a job runs in a shell."""
    return [step["run"] for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_and_no_more(path: Path) -> None:
    """At the top stands contents: read; what is written is written by the job that deploys."""
    data = parsed_file(path)
    assert data["permissions"] == {"contents": "read"}
    granted = {
        name: job["permissions"] for name, job in data["jobs"].items() if "permissions" in job
    }
    build, deploy = granted.pop("build", None), granted.pop("deploy", None)
    assert granted == {}
    assert build in (None, {"contents": "read", "pages": "read"})
    assert deploy in (None, {"pages": "write", "id-token": "write"})
    assert data["concurrency"]["group"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_only_what_it_names(path: Path) -> None:
    """Each action is GitHub's own, at a major version; a job ends; no credentials stay behind."""
    for job in parsed_file(path)["jobs"].values():
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
    for job in parsed_file(path)["jobs"].values():
        assert [line for line in commands(job) if "${{" in line] == []


def test_workflows_have_the_form_that_github_reads() -> None:
    """Each workflow fits GitHub's schema, as the lint stage of CI checks it."""
    pytest.importorskip("check_jsonschema", reason="installed with the extra dev")
    schema = ["--builtin-schema", "vendor.github-workflows"]
    command = [sys.executable, "-m", "check_jsonschema", *schema, *map(str, WORKFLOWS)]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    stages = (REPO / ".ci" / "stages").read_text("utf-8")
    assert f"check-jsonschema {' '.join(schema)}" in stages


def test_pages_are_published_from_main_or_by_hand() -> None:
    """A push to main or a click builds, then deploys what was built where Pages is switched on."""
    data = workflow("pages")
    assert data[True] == {"push": {"branches": ["main"]}, "workflow_dispatch": None}
    build, deploy = data["jobs"]["build"], data["jobs"]["deploy"]
    installs = ['python -m pip install --upgrade "pip>=25.1"', "python -m pip install --group site"]
    assert commands(build)[1:] == [*installs, "python -m mkdocs build"]
    (built,) = [s for s in build["steps"] if "mkdocs" in s.get("run", "")]
    assert built["env"] == {VARIABLE: "${{ github.repository }}"}
    (upload,) = [s for s in build["steps"] if "upload-pages-artifact" in s.get("uses", "")]
    assert upload["with"]["path"] == "site"
    (configured,) = [s for s in build["steps"] if "configure-pages" in s.get("uses", "")]
    assert configured["continue-on-error"] is True
    assert deploy["needs"] == "build"
    assert deploy["if"] == "needs.build.outputs.pages == 'success'"
    assert deploy["environment"]["name"] == "github-pages"


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("Ada/groundwork", "https://ada.github.io/groundwork/"),
        ("Ada/LLM.notes", "https://ada.github.io/LLM.notes/"),
        ("ada/Ada.github.io", "https://ada.github.io/"),
        ("", ""),
        ("groundwork", ""),
        ("ada/x/y", ""),
        ('ada/"><script>', ""),
    ],
)
def test_the_address_follows_from_the_repository(repository: str, address: str) -> None:
    """GitHub Pages publishes owner/name below the owner's host, and one name at its top."""
    assert derive_address(repository) == address


def test_a_learners_work_is_graded_and_ci_is_the_projects() -> None:
    """In a copy or a fork what is committed is graded; the project's own checks run in it alone."""
    assert commands(workflow("pages")["jobs"]["grade"])[-1] == ".ci/grade-committed"
    assert "!github.event.repository.is_template" in workflow("pages")["jobs"]["grade"]["if"]
    for job in workflow("ci")["jobs"].values():
        assert job["if"] == (
            "(github.event.repository.is_template && !github.event.repository.fork)"
            " || vars.GROUNDWORK_CI == 'true'"
        )


@pytest.mark.parametrize("folder", ["exercises/unit", "docs/notes", "docs/log", "progress/again"])
def test_ruff_leaves_a_learners_files_alone(tmp_path: Path, folder: str) -> None:
    """Untidy code in a learner's folder is neither reported nor formatted; elsewhere it is."""
    shutil.copy(REPO / "pyproject.toml", tmp_path)
    untidy = "import os, sys\nx = 'a'\n"

    def find_codes() -> list[int]:
        words = (["check", "."], ["format", "--check", "."], ["check", "--force-exclude", file])
        return [
            subprocess.run(["ruff", *word], cwd=tmp_path, capture_output=True).returncode
            for word in words
        ]

    file = f"{folder}/untidy.py"
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / file).write_text(untidy, "utf-8")
    assert find_codes() == [0, 0, 0]
    (tmp_path / "grader").mkdir()
    (tmp_path / "grader" / "untidy.py").write_text(untidy, "utf-8")
    assert find_codes() == [1, 1, 0]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A learner's copy with one exercise solved, one wrong, and a record of the pass."""
    root = tmp_path_factory.mktemp("learner") / "llm"
    tracked = ("curriculum", "solutions", "exercises", "grader", "docs", ".ci", ".github")
    for folder in tracked:
        shutil.copytree(REPO / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("mkdocs.yml", "pyproject.toml", "README.md"):
        shutil.copy(REPO / file, root)
    (root / ".groundwork" / "docs").mkdir(parents=True)
    solved = (root / "solutions/attention/softmax.py").read_text("utf-8")
    (root / "exercises/attention/softmax.py").write_text(solved, "utf-8")
    wrong = (root / "solutions/tokenizer/utf8_bytes.py").read_text("utf-8")
    (root / "exercises/tokenizer/utf8_bytes.py").write_text(wrong.replace("return", "1;"), "utf-8")
    return root


def run_line(root: Path, line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a workflow's command as GitHub does."""
    folder = str(Path(sys.executable).parent)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHONPATH"))}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", line],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
        env={**kept, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", **more},
    )


@pytest.mark.slow
def test_the_lines_of_the_learners_workflow_run(copied: Path) -> None:
    """Each command runs in a copy, but those that install: wrong exercises leave it green."""
    jobs = workflow("pages")["jobs"]
    lines = [line for job in jobs.values() for line in commands(job)]
    install = [line for line in lines if line.startswith("python -m pip install")]
    assert len(install) == 3 and len(lines) == 6
    summary = copied / "summary.md"
    address = "https://ada.github.io/llm"
    for line in lines:
        if line not in install:
            done = run_line(copied, line, GITHUB_STEP_SUMMARY=str(summary), **{VARIABLE: "Ada/llm"})
            assert done.returncode == 0, done.stdout + done.stderr
    shown = summary.read_text("utf-8")
    assert re.search(r"attention/softmax +passed", shown)
    assert re.search(r"tokenizer/utf8_bytes +(not yet|error|failed)", shown)
    assert "1 of 41 passed" in shown or re.search(r"\b1 of \d+ passed", shown)
    page = (copied / "site" / "index.html").read_text("utf-8")
    assert f"{address}/assets/share.png" in page
    assert "passed" in (copied / "site" / "assets" / "badge.svg").read_text("utf-8")
    assert 'href="/llm/index.html"' in (copied / "site" / "404.html").read_text("utf-8")


@pytest.mark.slow
def test_a_broken_course_is_no_work_in_progress(copied: Path, tmp_path: Path) -> None:
    """Where the grading itself cannot run, the workflow fails and says why."""
    root = Path(shutil.copytree(copied, tmp_path / "broken"))
    (root / "curriculum" / "course.yml").write_text("title: [", "utf-8")
    done = run_line(root, ".ci/grade-committed")
    assert done.returncode == 1 and "curriculum/course.yml" in done.stdout


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


def distribution_name(requirement: str) -> str:
    """The name of a requirement, as distributions write it."""
    return re.split(r"[<>=!~\[]", requirement)[0].lower().replace("_", "-")


def absent_modules() -> set[str]:
    """Every module of the project's dependencies that the site's group does not bring."""
    left_out = {distribution_name(one) for one in PROJECT["project"]["dependencies"]} - {
        distribution_name(o) for o in SITE
    }
    found = {
        module
        for module, brought in packages_distributions().items()
        if {distribution_name(one) for one in brought} & left_out
    }
    assert {"torch", "pytest", "fsrs", "ftfy"} <= found
    return found


@pytest.mark.slow
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
    program = BLOCKED.replace("ABSENT", repr(absent_modules()))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "A notebook" in (root / "site" / "notes" / "b.html").read_text("utf-8")
    assert (root / "site" / "assets" / "share.png").read_bytes().startswith(b"\x89PNG")
    assert (root / "site" / "units" / "attention" / "softmax.html").is_file()
