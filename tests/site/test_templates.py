"""The templates: all HTML stands in them, and all of them are sound."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / "grader" / room / "templates" for room in ("site", "learner/notes")]
TEMPLATES = [
    path for folder in FOLDERS for path in sorted(folder.rglob("*.*")) if path.suffix != ".css"
]
TAG = re.compile(r"</?[a-z][a-z0-9]*(\s[\w-]+=|/?>)")


def test_no_python_file_writes_html_in_an_f_string() -> None:
    """HTML in an f-string is escaped only where its author thought of it."""
    found = []
    for file in sorted((ROOT / "grader").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [v.value if isinstance(v, ast.Constant) else "" for v in node.values]
                if TAG.search("".join(map(str, parts)).replace("(?P<", "(")):
                    found.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_compiles_and_switches_no_escaping_off(path: Path) -> None:
    """Only Python code says what is clean: no template calls a text safe."""
    folder = next(folder for folder in FOLDERS if path.is_relative_to(folder))
    text = path.read_text("utf-8")
    Environment(loader=FileSystemLoader(folder), autoescape=True).from_string(text)
    assert not re.search(r"\|\s*safe\b|\bautoescape\b", text)
