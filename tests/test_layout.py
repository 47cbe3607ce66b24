"""The house's own rules: imports point down, one module owns each outside thing, tests say why."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[1]
OWNERS = {
    "fsrs": {"learner.spaced_repetition"},
    "tinydb": {"learner.records"},
    "nbconvert": {"learner.notes"},
    "nbclient": {"learner.notebooks"},
    "libcst": {"course.source", "authoring.mutation"},
    "yaml": {"course.loader", "authoring", "learner.notes", "site.builder_settings"},
    "mkdocs": {"site"},
    "torch": {"grading", "milestones.stage", "milestones.characters", "openmodel"},
    "gguf": {"openmodel"},
    "IPython": {"cli.notebook"},
    "mcp": {"cli.commands.mcp_server"},
    "anyio": {"cli.commands.mcp_server"},
    "watchfiles": {"cli.watch"},
    "prompt_toolkit": {"cli.watch"},
    "pytest": {"grading"},
    "PIL": {"site"},
    "jinja2": {"base.templating"},
    "ftfy": {"learner.importer"},
    "babel": {"learner.importer"},
    "charset_normalizer": {"learner.importer"},
    "markdownify": {"learner.importer"},
}


@dataclass(frozen=True)
class Module:
    """A module of the tool as read once: its names and lines of imports, and its functions."""

    file: Path
    name: str
    """The name without ``grader.`` before it: ``learner.records.table``."""

    imports: tuple[tuple[int, str], ...]
    functions: tuple[ast.FunctionDef, ...]


@cache
def read_modules() -> tuple[Module, ...]:
    """Read every module of the tool."""
    files = sorted((ROOT / "grader").rglob("*.py"))
    return tuple(_read_module(file) for file in files if file != ROOT / "grader" / "__init__.py")


def _read_module(file: Path) -> Module:
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    imports = [
        (n.lineno, alias.name) for n in nodes if isinstance(n, ast.Import) for alias in n.names
    ]
    imports += [(n.lineno, n.module) for n in nodes if isinstance(n, ast.ImportFrom) and n.module]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    name = ".".join(file.relative_to(ROOT / "grader").with_suffix("").parts)
    return Module(file, name, tuple(imports), tuple(functions))


def test_imports_follow_the_contracts() -> None:
    """Layers, independent siblings, the judge's boundary and no cycle, as pyproject.toml says."""
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_every_room_is_described() -> None:
    """docs/architecture.md names every entry at the top of the tool."""
    rooms = {module.name.split(".")[0] for module in read_modules()}
    described = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert [room for room in sorted(rooms) if f"`{room}" not in described] == []


@pytest.mark.parametrize("name", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_every_path_in_a_document_exists(name: str) -> None:
    """What architecture and CONTRIBUTING name as a file or folder of the project is there."""
    quoted = re.findall(r"`([^`\n]+)`", (ROOT / name).read_text("utf-8"))
    paths = [path for path in quoted if re.fullmatch(r"(grader|tests|docs|\.ci)/[\w./-]+", path)]
    assert len(paths) > 5
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_nothing_shadows_another_module() -> None:
    """No top-level module or package has a name of the standard library or of a dependency."""
    places = [ROOT, ROOT / "tests" / "support"]  # tests/support is on the path of the tests
    own = {path.stem for place in places for path in place.iterdir() if _is_importable(path)}
    others = {name for name, owners in packages_distributions().items() if owners != ["groundwork"]}
    assert own & (sys.stdlib_module_names | others) == set()


def _is_importable(path: Path) -> bool:
    return path.suffix == ".py" or (path / "__init__.py").is_file()


def test_no_file_name_stands_twice_in_a_room() -> None:
    """A name says which file is meant; only a command's module may have its command's name."""
    rooms: dict[tuple[str, str], list[str]] = {}
    for module in read_modules():
        room, _, file = module.name.partition(".")
        if not file.endswith("__init__") and not file.startswith("commands."):
            rooms.setdefault((room, file.rpartition(".")[2]), []).append(module.name)
    assert [names for names in rooms.values() if len(names) > 1] == []


@pytest.mark.parametrize("part", sorted(OWNERS))
def test_each_outside_part_has_one_owner(part: str) -> None:
    """Only the rooms named here import it, so that it can be replaced in one place."""
    users = {
        module.name
        for module in read_modules()
        for _, name in module.imports
        if name.split(".")[0] == part
    }
    owners = OWNERS[part]
    strays = {user for user in users if not any(f"{user}.".startswith(f"{o}.") for o in owners)}
    assert strays == set()


def test_git_is_started_in_one_place() -> None:
    """Only one module of the tool starts git, with an environment that it cleans."""
    users = [m.name for m in read_modules() if '"git"' in m.file.read_text("utf-8")]
    assert users == ["services.update.git"]


def test_no_pickle_anywhere() -> None:
    """Nothing in the tool can unpickle what a learner's code wrote."""
    carriers = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "multiprocessing"}
    found = [
        f"{module.name}:{line}"
        for module in read_modules()
        for line, name in module.imports
        if name.split(".")[0] in carriers
    ]
    assert found == []


def test_functions_stay_short() -> None:
    """No function of the tool is longer than 40 lines."""
    long = [
        f"{module.name}:{node.lineno} {node.name}"
        for module in read_modules()
        for node in module.functions
        if (node.end_lineno or 0) - node.lineno >= 40
    ]
    assert long == []


def test_every_test_says_what_it_shows() -> None:
    """Each test has a docstring of one sentence."""
    mute = []
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                text = ast.get_docstring(node) or ""
                if not text.endswith("."):
                    mute.append(f"{file.name}:{node.lineno} {node.name}")
    assert mute == []


UNFINISHED: tuple[str, ...] = ()
"""Packages whose names and docstrings are still to be brought into the form of CONTRIBUTING."""
VERBS = {"embed", "feed", "need", "read", "seed", "shed", "shaped", "formed"}
"""Words in -ed that are no participles; ``shaped`` and ``formed`` are claims of checks."""
CLAIMS = {"distributed", "formed", "killed", "shaped"}
"""What stands in checks as an adjective, such as ``close``."""
PARTICIPLES = {
    "brought",
    "drawn",
    "given",
    "kept",
    "known",
    "made",
    "meant",
    "met",
    "said",
    "shown",
}
NO_VERBS = {"A", "All", "An", "Each", "Every", "How", "The", "What", "Whether", "Where", "Which"}


def _list_finished() -> list[tuple[str, ast.FunctionDef]]:
    """List the functions of finished packages with their places, without properties."""
    return [
        (f"{module.name}:{node.lineno} {node.name}", node)
        for module in read_modules()
        if not any(f"{module.name}.".startswith(f"{package}.") for package in UNFINISHED)
        for node in module.functions
        if not any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]


def test_functions_begin_with_a_verb() -> None:
    """No function is named by a participle, such as ``told`` or ``_named``."""
    firsts = {place: node.name.strip("_").split("_")[0] for place, node in _list_finished()}
    wrong = [
        place
        for place, word in firsts.items()
        if word in PARTICIPLES or (word.endswith("ed") and word not in VERBS | CLAIMS)
    ]
    assert wrong == []


def test_docstrings_begin_with_a_verb() -> None:
    """The first line of a function's docstring is an imperative sentence: no article begins it."""
    texts = {place: ast.get_docstring(node) for place, node in _list_finished()}
    assert [place for place, text in texts.items() if text and text.split()[0] in NO_VERBS] == []
