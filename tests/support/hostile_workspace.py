"""A workspace in which every hostile piece lies in every place that a learner can write to."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hostile_corpus import CASES, FILE_NAMES, MIMES, PICTURES

from grader.base.paths import Workspace
from grader.course.loader.loading import load

REPO = Path(__file__).resolve().parents[2]
BOOK = 8
"""Pieces in one notebook."""


def lay(root: Path) -> Workspace:
    """The course, and a learner's folders full of the corpus."""
    for folder in ("curriculum", "solutions", "docs/assets"):
        shutil.copytree(REPO / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPO / "mkdocs.yml", root)
    (root / "grader").symlink_to(REPO / "grader")
    (root / ".groundwork" / "docs").mkdir(parents=True)
    own = Workspace(root)
    _notes(own)
    _books(own)
    _log(own)
    _records(own)
    return own


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))


def _text(case: str) -> str:
    """The piece as a file can hold it: half a character is not UTF-8."""
    return CASES[case].encode("utf-8", "replace").decode()


def _notes(own: Workspace) -> None:
    for number, case in enumerate(CASES):
        _write(own.notes / f"case-{number:03}.md", _text(case))
    for name, data in PICTURES.items():
        _write(own.notes / name, data)
    shown = [f"![{name}]({name}) [{name}]({name}) ![[{name}]]" for name in PICTURES]
    _write(own.notes / "pictures.md", "# Pictures\n\n" + "\n\n".join(shown))
    if sys.platform != "win32":
        for name in FILE_NAMES:
            _write(own.notes / f"{name}.md", "x")
            _write(own.notes / "folder" / name / "note.md", "x")
        for number, name in enumerate(FILE_NAMES):
            _write(own.notes / f"{name} {number}.ipynb", "{")


def places(text: str) -> list[str]:
    """The piece in each place of a Markdown text that is not simply a paragraph."""
    line = " ".join(text.split())
    return [
        f"# {line}",
        f"## {line}",
        f"| a | b |\n|---|---|\n| {line} | x |",
        f"- {line}\n    - {line}",
        f"> {line}",
        f"> [!NOTE]\n> {line}",
        f"`{line}` **{line}** ~~{line}~~",
        f"[{line}](x.md) ![{line}](pic.png)",
        f'[x](y.md "{line}")',
        f"[[x|{line}]]",
        f"[x]({line})",
        f"[x](<{line}>) ![x](<{line}>)",
        f"<a href='{line}'>x</a> <img src=\"{line}\" alt='{line}'>",
        f"$x {line}$",
        f"x $$ y {line} $$ z",
        f"=={line}== #{line} #tag/{line}",
        f"{line}\n: {line}",
        f"why {line} ? :: {line}",
        f"```mermaid\n{text}\n```",
        f"```{line}\n{text}\n```",
        "    " + text.replace("\n", "\n    "),
        f"x[^n]\n\n[^n]: {line}",
    ]


def _books(own: Workspace) -> None:
    names = list(CASES)
    for first in range(0, len(names), BOOK):
        cells = [cell for name in names[first : first + BOOK] for cell in book(CASES[name])]
        whole = {"cells": cells, "metadata": {"title": _text(names[first])}}
        text = json.dumps({**whole, "nbformat": 4, "nbformat_minor": 4})
        _write(own.notes / "books" / f"book-{first:03}.ipynb", text)


def book(text: str) -> list[dict[str, Any]]:
    """A notebook's cells that hold the piece: as text, as code, and as every kind of output."""
    spoken = [text, *places(text)]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": source} for source in spoken]
    shown = [
        {
            "output_type": "display_data",
            "metadata": {"filenames": {kind: text}},
            "data": {kind: text},
        }
        for kind in MIMES
    ]
    printed = [{"output_type": "stream", "name": n, "text": text} for n in ("stdout", "stderr")]
    raised = {"output_type": "error", "ename": text, "evalue": text, "traceback": [text, text]}
    code = {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": text}
    attached = {"attachments": {text: {"image/svg+xml": text}, "x": {text: text}}}
    return [
        *cells,
        {**code, "outputs": [*shown, *printed, raised]},
        {**code, "outputs": [{**raised, "traceback": []}]},
        {"cell_type": "raw", "metadata": {"format": "text/html"}, "source": text},
        {"cell_type": "markdown", "metadata": {}, "source": "![x](attachment:x)", **attached},
    ]


def _log(own: Workspace) -> None:
    day = date(2026, 11, 22)
    for number, case in enumerate(CASES):
        on = day - timedelta(days=number)
        line = " ".join(_text(case).split())
        _write(own.log / f"{on}.md", f"# {line}\n\n- {line}\n\n{_text(case)}\n")


def _records(own: Workspace) -> None:
    """Attempts as a hand in an editor may leave them, for exercises that there are and are not."""
    ids = [exercise.id for exercise in load(own).iterate_exercises()]
    rows = {}
    for number, case in enumerate(CASES):
        text = _text(case)
        for exercise in (ids[number % len(ids)], f"gone/{text}", text):
            rows[f"20261122T200000Z-{len(rows):04}-58c9f115"] = _attempt(exercise, text)
    _write(own.progress / "attempts" / "2026-11.json", json.dumps({"schema": 1, "attempts": rows}))


def _attempt(exercise: str, text: str) -> dict[str, object]:
    return {
        "exercise": exercise,
        "verdict": "failed",
        "checks": {text: "failed"},
        "seed": 1,
        "seconds": 0.5,
        "file_hash": text,
        "checks_hash": text,
        "at": "2026-11-22T20:00:00+00:00",
        "day": "2026-11-22",
        "mistake": text,
        "hints": 0,
        "revealed": False,
    }
