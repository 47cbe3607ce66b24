"""A copy of a notebook, run with a real kernel when asked for, and never otherwise."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from bs4 import BeautifulSoup

from grader.base.errors import NoteError
from grader.learner import notebooks
from grader.learner.notes import Note, Notes, rendering

pytestmark = pytest.mark.slow

DAY = "2026-11-24"


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    """An empty folder of notes in a workspace with one exercise."""
    exercise = tmp_path / "exercises" / "attention" / "softmax.py"
    exercise.parent.mkdir(parents=True)
    exercise.write_text("def softmax(x):\n    return 'mine'\n")
    (tmp_path / "docs" / "notes").mkdir(parents=True)
    return Notes(tmp_path / "docs" / "notes", tmp_path / "cache")


def book(notes: Notes, *sources: str, kernel: str = "python3", name: str = "a.ipynb") -> Path:
    """A notebook whose cells hold these sources and no outputs."""
    cells = [
        {
            "id": f"cell{number}",
            "cell_type": "code",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(sources)
    ]
    kernelspec = {"name": kernel, "display_name": kernel, "language": "python"}
    whole: dict[str, Any] = {"cells": cells, "metadata": {"kernelspec": kernelspec}}
    path = notes.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**whole, "nbformat": 4, "nbformat_minor": 5}))
    return path


def run(notes: Notes, path: Path, seconds: float = 100) -> str:
    """Run a copy of the notebook."""
    return notebooks.execute(notes, path, notes.folder.parents[1], seconds, DAY)


def read(notes: Notes) -> tuple[Note, BeautifulSoup]:
    """The one note and what its page shows."""
    (note,) = notes.read()
    html = "".join(rendering.render_html(part, lambda tag, address: None) for part in note.parts)
    return note, BeautifulSoup(html, "html.parser")


def files(notes: Notes) -> dict[str, bytes]:
    """Everything in the folder of notes."""
    paths = [path for path in notes.folder.rglob("*") if path.is_file()]
    return {path.name: path.read_bytes() for path in paths}


def test_nothing_runs_unless_asked(notes: Notes) -> None:
    """Reading a notebook shows its source and no output."""
    book(notes, f"open({str(notes.folder / 'ran')!r}, 'w')\nprint(6 * 7)")
    note, page = read(notes)
    assert "42" not in page.text
    assert note.run == ""
    assert not (notes.folder / "ran").exists()


def test_a_run_shows_outputs_and_touches_nothing(notes: Notes) -> None:
    """The files beside it can be read and are written in the copy alone; exercises are there."""
    (notes.folder / "deep").mkdir()
    (notes.folder / "deep" / "data.txt").write_text("beside")
    (notes.folder / ".secret").write_text("x")
    path = book(
        notes,
        "print(open('data.txt').read()); _ = open('data.txt', 'w').write('changed')",
        "from pathlib import Path\nPath('new').touch(); print(Path('../.secret').exists())",
        "from exercises.attention.softmax import softmax\nsoftmax(1)",
        'print("this is", "stderr", file=__import__(\'sys\').stderr)',
        name="deep/a.ipynb",
    )
    before = files(notes)
    assert run(notes, path) == "run"
    assert files(notes) == before
    note, page = read(notes)
    assert note.run == DAY
    shown = [code.text.strip() for code in page.select(".gw-output code")]
    assert shown == ["beside", "False", "'mine'", "this is stderr"]
    assert page.select_one(".gw-stderr code").text.strip() == "this is stderr"


def test_a_cell_that_raises_is_an_error_output(notes: Notes) -> None:
    """The next cell runs, and the word says which one failed."""
    path = book(notes, "print('one')", "1 / 0", "print('three')", "nope", "import sys; sys.exit(3)")
    assert run(notes, path) == "run; cells 2, 4, 5 failed"
    _, page = read(notes)
    assert "ZeroDivisionError: division by zero" in page.select_one(".gw-error").text
    assert "three" in page.text
    assert "\x1b" not in page.text


def test_a_changed_notebook_is_not_shown_as_run(notes: Notes) -> None:
    """The outputs belong to the very source; with another one they are gone."""
    path = book(notes, "print('old')")
    run(notes, path)
    assert notes.list_unexecuted() == []
    book(notes, "print('new')")
    note, page = read(notes)
    assert note.run == ""
    assert page.select(".gw-output") == []
    assert notes.list_unexecuted() == [path]


def test_a_cell_that_never_ends_is_killed_with_all_it_began(notes: Notes) -> None:
    """The error names the file and the cell; no process of the kernel's is left."""
    marks = [f"9{number}.{time.time_ns() % 10**9}" for number in range(2)]
    path = book(
        notes,
        f"import subprocess\nsubprocess.Popen(['sleep', '{marks[0]}'], start_new_session=True)",
        "import os, sys\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        f"        os.execvp('sleep', ['sleep', '{marks[1]}'])\n"
        "    os._exit(0)",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    )
    with pytest.raises(NoteError, match=r"a\.ipynb: cell 3 did not end within 25 s") as told:
        run(notes, path, seconds=25)
    assert "--seconds" in str(told.value)
    left = [p.info["cmdline"] for p in psutil.process_iter(["cmdline"])]
    assert [words for words in left if words and {*words} & {*marks}] == []
    assert notes.list_unexecuted() == [path]


def test_a_kernel_that_is_not_there_is_named(notes: Notes) -> None:
    """The error says which kernel is wanted and how to install Python's."""
    path = book(notes, "1", kernel="klingon")
    with pytest.raises(NoteError, match=r"no Jupyter kernel called 'klingon'.*ipykernel"):
        run(notes, path)


def test_a_kernel_that_dies_is_named(notes: Notes) -> None:
    """The cell at work is told."""
    path = book(notes, "1", "import os; os._exit(3)", "3")
    with pytest.raises(NoteError, match=r"a\.ipynb: its kernel died in cell 2"):
        run(notes, path)


def test_a_broken_notebook_is_not_run(notes: Notes) -> None:
    """It is a plain error, and is left out when all are run."""
    path = notes.folder / "a.ipynb"
    path.write_text("{")
    with pytest.raises(NoteError, match="cannot be run"):
        run(notes, path)
    assert notes.list_unexecuted() == []
