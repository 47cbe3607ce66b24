"""Exercises in a notebook: ``grade notebook``, and ``%%grade`` in a real kernel."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
import pytest
from grade_command import run_grade
from jupyter_client.manager import start_new_kernel
from site_workspace import lay

from grader.base.paths import Workspace
from grader.services.session import Session
from grader.site.notebook_cells import make_cells

pytestmark = pytest.mark.slow

DOUBLE, SOFTMAX = "numbers/double", "attention/softmax"
ROOT = Path(__file__).resolve().parents[2]
LOAD = "%load_ext grader.notebook"
SHOWN = "exercises/numbers/double.py"
CHECKS = '''def test_two(double):
    """Twice 2 is 4."""
    assert double(2) == 4


def test_words(double):
    """A word comes back as it is."""
    assert double("") == ""
'''
RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    return 3 * x\n"


def lay_fresh(root: Path) -> Workspace:
    """A small course with an untouched stub for each exercise, as a fresh clone of it has."""
    own = lay(root)
    own.locate_checks(DOUBLE).write_text(CHECKS, "utf-8")
    session = Session.open(own)
    for exercise in session.course.iterate_exercises():
        path = own.locate_stub(exercise.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(session.make_stub(exercise), "utf-8")
    return own


@dataclass(frozen=True)
class Ran:
    """What running one cell has shown."""

    status: str
    html: str = ""
    text: str = ""
    """Rich outputs as plain text, streams and values."""
    errors: str = ""
    """Standard error, and the traceback of what was raised."""
    next_cells: tuple[dict[str, Any], ...] = ()
    """What the front end is asked to put into a cell."""


@dataclass
class Book:
    """A notebook that is open: a kernel in its folder, told the name as by Jupyter's server."""

    own: Workspace
    name: str = "numbers/double.ipynb"
    manager: Any = None
    client: Any = None
    told: str = "server"
    """Who tells the kernel which notebook it belongs to: Jupyter's server, VS Code, or nobody."""

    @property
    def path(self) -> Path:
        """The notebook's file."""
        return self.own.root / "exercises" / self.name

    def start(self) -> None:
        """Start the kernel, as Jupyter's server does, and load the magics."""
        environment = {k: v for k, v in os.environ.items() if k != "JPY_SESSION_NAME"}
        if self.told == "server":
            environment["JPY_SESSION_NAME"] = str(self.path)
        environment["PYTHONPATH"] = str(ROOT)
        self.manager, self.client = start_new_kernel(
            kernel_name="python3", cwd=str(self.path.parent), env=environment
        )
        assert self.run(LOAD).status == "ok"
        if self.told == "vscode":
            self.run(f"__vsc_ipynb_file__ = {str(self.path)!r}")

    def stop(self) -> None:
        """End the kernel."""
        if self.client is not None:
            self.client.stop_channels()
            self.manager.shutdown_kernel(now=True)
        self.client = None

    def restart(self) -> None:
        """End the kernel and start another one."""
        self.stop()
        self.start()

    def run(self, source: str) -> Ran:
        """Run a cell and collect what it shows."""
        found: dict[str, list[str]] = {"html": [], "text": [], "errors": []}

        def collect(message: Any) -> None:
            content = message["content"]
            data = content.get("data", {})
            found["html"].append(data.get("text/html", ""))
            found["text"] += [data.get("text/plain", "")]
            if message["msg_type"] == "stream":
                found["errors" if content["name"] == "stderr" else "text"].append(content["text"])
            if message["msg_type"] == "error":
                found["errors"] += [content["evalue"], *content["traceback"]]

        reply = self.client.execute_interactive(source, output_hook=collect, timeout=100)["content"]
        joined = {kind: "\n".join(texts) for kind, texts in found.items()}
        return Ran(reply["status"], next_cells=tuple(reply.get("payload", ())), **joined)

    def grade(self, text: str, options: str = "", exercise: str = DOUBLE) -> Ran:
        """Run a cell that is graded."""
        return self.run(f"%%grade {exercise} {options}".rstrip() + f"\n{text}")

    def read(self) -> str:
        """The exercise's file."""
        return self.own.locate_stub(DOUBLE).read_text("utf-8")

    def save_elsewhere(self, text: str) -> None:
        """Save the exercise's file, as an editor does."""
        self.own.locate_stub(DOUBLE).write_text(text, "utf-8")

    def list_asides(self) -> list[str]:
        """The texts that were saved aside."""
        return [path.read_text("utf-8") for path in sorted(self.own.aside.rglob("*.py"))]

    def count_attempts(self) -> int:
        """Attempts in the records."""
        return Session.open(self.own).records.read_standing(DOUBLE).attempts


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """One kernel for the tests that need no fresh one."""
    book = Book(lay_fresh(tmp_path_factory.mktemp("book") / "ws"))
    book.start()
    yield book
    book.stop()


@pytest.fixture
def book(shared: Book) -> Book:
    """The kernel, with the exercise as a fresh clone has it and no memory of another test."""
    session = Session.open(shared.own)
    shared.save_elsewhere(session.make_stub(session.course.find_exercise(DOUBLE)))
    for path in shared.own.aside.rglob("*.py"):
        path.unlink()
    shared.run("%reset -f")
    assert shared.run(f"%reload_ext {LOAD.split()[1]}").status == "ok"
    return shared


def test_a_right_cell_is_written_graded_and_recorded(book: Book) -> None:
    """The file holds the cell, the verdict is rich, and the next cell can use the function."""
    before = book.count_attempts()
    ran = book.grade(RIGHT)
    assert ran.status == "ok" and ran.errors == ""
    assert book.read() == RIGHT
    assert "passed, 2 of 2 checks" in ran.html and "passed, 2 of 2 checks" in ran.text
    assert "Twice 2 is 4." in ran.html
    assert f"Written to {SHOWN}." in ran.html and f"Written to {SHOWN}." in ran.text
    assert book.count_attempts() == before + 1
    assert "14" in book.run("double(7)").text
    assert book.list_asides() == []  # the stub is the course's


def test_a_wrong_cell_has_its_failure_with_the_line_of_the_cell(book: Book) -> None:
    """The verdict names the line in the file and the line in the notebook's cell."""
    ran = book.grade("\n\ndef double(x):\n    if x == 2:\n        return 1 / 0\n    return x\n")
    assert ran.status == "ok"
    assert "not yet: 1 of 2 checks pass" in ran.html
    where = f"{SHOWN}:5 (line 6 of the cell)"
    assert where in ran.html and where in ran.text
    assert '<a href="double.py">' in ran.html
    assert "ZeroDivisionError" in ran.html and f"!grade hint {DOUBLE}" in ran.html


def test_lines_are_counted_from_the_cells_first_line(book: Book) -> None:
    """Blank lines before the magic count, as the notebook's line numbers do."""
    ran = book.run(f"\n\n%%grade {DOUBLE}\ndef double(x):\n    return 1 / 0\n")
    assert f"{SHOWN}:2 (line 5 of the cell)" in ran.html


def test_a_cell_that_is_not_python_is_written_and_judged(book: Book) -> None:
    """A syntax error is what an editor could save too; the kernel does not run it."""
    ran = book.grade("def double(x:\n    return 2 * x")
    assert ran.status == "ok"
    assert book.read() == "def double(x:\n    return 2 * x\n"
    assert "cannot be graded" in ran.html and "(line 2 of the cell)" in ran.html
    assert "NameError" in book.run("double(2)").errors


def test_values_of_the_learners_code_are_escaped(book: Book) -> None:
    """A message, a claim's value or a name cannot become HTML or steer a terminal."""
    evil = "<img src=x onerror=alert(1)>\\x1b[2J</pre><script>alert(2)</script>"
    ran = book.grade(f"def double(x):\n    raise ValueError('{evil}')\n")
    assert "<img" not in ran.html and "<script" not in ran.html and "\x1b" not in ran.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in ran.html
    assert "\x1b" not in ran.text
    ran = book.grade(f"raise ValueError('{evil}')")
    assert "cannot be graded" in ran.html and "<img" not in ran.html and "<script" not in ran.html


@pytest.mark.parametrize(
    ("line", "number"),
    [("%timeit double(2)", 4), ("!pip install x", 4), ("double?", 4), ("files = !ls", 4)],
)
def test_ipythons_own_syntax_is_refused_with_its_line(book: Book, line: str, number: int) -> None:
    """The file must be plain Python: nothing is written, and the line is named."""
    before = book.read()
    ran = book.grade(f"{RIGHT}{line}\n")
    assert ran.status == "error"
    assert f"line {number} of the cell is IPython's, not Python: {line}." in ran.errors
    assert book.read() == before


def test_signs_in_strings_are_no_magics(book: Book) -> None:
    """A docstring may begin a line with a percent sign, also where the cell is not Python yet."""
    text = (
        'def double(x):\n    """Double.\n\n%d is a format; is it?\n!x\n    """\n    return 2 * x\n'
    )
    assert "passed" in book.grade(text).html
    broken = text + "def broken(:\n"
    assert "cannot be graded" in book.grade(broken).html
    assert book.read() == broken


def test_a_file_that_was_changed_outside_is_kept(book: Book) -> None:
    """The difference is shown, nothing is graded, and the learner chooses."""
    book.grade(WRONG)
    edited = "def double(x):\n    return x + x  # in the editor\n"
    book.save_elsewhere(edited)
    attempts = book.count_attempts()
    ran = book.grade(RIGHT)
    assert ran.status == "error" and "nothing was graded" in ran.errors
    assert book.read() == edited and book.count_attempts() == attempts
    assert "-    return x + x  # in the editor" in ran.html
    assert "+    return 2 * x" in ran.html
    assert f"<code>%%grade {DOUBLE} --take cell</code>" in ran.html
    assert book.grade(RIGHT).status == "error"  # asking twice is no choice


def test_taking_the_cell_keeps_the_other_text_aside(book: Book) -> None:
    """The cell is written and graded, and the option is taken out of the cell again."""
    book.grade(WRONG)
    edited = "def double(x):\n    return x + x\n"
    book.save_elsewhere(edited)
    ran = book.grade(RIGHT, "--take cell")
    assert ran.status == "ok" and "passed" in ran.html
    assert book.read() == RIGHT and book.list_asides() == [edited]
    assert "is kept as progress/aside/numbers/double-" in ran.html
    (payload,) = ran.next_cells
    assert payload["text"] == f"%%grade {DOUBLE}\n{RIGHT}".rstrip("\n") and payload["replace"]
    book.grade(WRONG)
    assert book.list_asides() == [edited]  # from here on it is the notebook's own text


def test_taking_the_file_puts_its_text_into_a_new_cell(book: Book) -> None:
    """Nothing is written; the text that the notebook has then only read is kept if replaced."""
    book.grade(WRONG)
    edited = "def double(x):\n    return x + x\n"
    book.save_elsewhere(edited)
    ran = book.grade(RIGHT, "--take file")
    assert book.read() == edited
    (payload,) = ran.next_cells
    assert payload["text"] == f"%%grade {DOUBLE}\n{edited}".rstrip("\n")
    assert not payload["replace"]
    assert book.grade(RIGHT).status == "ok"
    assert book.read() == RIGHT and book.list_asides() == [edited]


def test_a_name_of_another_cell_is_not_in_the_file(book: Book) -> None:
    """The judge imports the file alone; the verdict says where the name is."""
    book.run("TWO = 2")
    ran = book.grade("def double(x):\n    return TWO * x\n")
    assert "name &#39;TWO&#39; is not defined" in ran.html
    assert "`TWO` is defined in this notebook, but not in the file." in ran.text
    assert "<code>TWO</code> is defined in this notebook" in ran.html
    ran = book.grade("def double(x):\n    return THREE * x\n")
    assert "THREE" in ran.html and "defined in this notebook" not in ran.html


def test_a_function_of_another_cell_is_not_graded(book: Book) -> None:
    """A name that another cell redefines changes no verdict, and the difference is said."""
    book.grade(RIGHT)
    book.run(WRONG)
    ran = book.run(f"%grade {DOUBLE}")
    assert "passed, 2 of 2 checks" in ran.html
    assert "double in this notebook is another one, of a cell that is not graded." in ran.html
    ran = book.grade("x = 1\n")
    assert "`double` is defined in this notebook, but not in the file." in ran.text


def test_the_line_magic_shows_how_file_and_cell_differ(book: Book) -> None:
    """It grades the file as it is on the disk, and writes nothing."""
    book.grade(RIGHT)
    book.save_elsewhere(WRONG)
    ran = book.run("%grade")
    assert "not yet" in ran.html
    assert "-    return 3 * x" in ran.html and "+    return 2 * x" in ran.html
    assert book.read() == WRONG
    assert book.grade(RIGHT).status == "error"  # to have seen it is not to have chosen


def test_the_same_text_is_no_difference(book: Book) -> None:
    """Line ends of Windows, a missing last line end and a byte order mark are no change."""
    book.own.locate_stub(DOUBLE).write_bytes(b"\xef\xbb\xbfdef double(x):\r\n    return 2 * x")
    ran = book.grade(RIGHT)
    assert ran.status == "ok" and f"{SHOWN} holds this cell already." in ran.html
    assert book.own.locate_stub(DOUBLE).read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("numbers/duble", "did you mean numbers/double, "),
        ("numbers", "matches 2 exercises; name one"),
        ("numbers/double --take both", "'both' is not one of 'cell', 'file'. Usage: %%grade"),
        ("numbers/double 'x", "No closing quotation Usage: %%grade"),
    ],
)
def test_a_line_that_says_something_else_is_an_error_in_words(
    book: Book, line: str, said: str
) -> None:
    """The error has no traceback, names what was meant, and nothing is written."""
    before = book.read()
    ran = book.run(f"%%grade {line}\n{RIGHT}")
    assert ran.status == "error" and said in ran.errors
    assert "Traceback" not in ran.errors and "Internal error" not in ran.errors
    assert book.read() == before


def test_an_empty_cell_leaves_the_file(book: Book) -> None:
    """A cell of blanks is no file."""
    before = book.read()
    ran = book.grade("   \n\n")
    assert ran.status == "error" and "the cell is empty" in ran.errors
    assert book.read() == before


def test_the_magics_import_no_torch(book: Book) -> None:
    """The judge has torch in its own process; the kernel has it where a cell imports it."""
    book.grade(RIGHT)
    assert "False" in book.run("import sys\n'torch' in sys.modules").text


def test_an_import_of_the_exercise_is_of_the_graded_file(book: Book) -> None:
    """``from exercises...`` finds the learner's own file, as it was written last."""
    book.grade(WRONG)
    assert "9" in book.run("from exercises.numbers.double import double as f\nf(3)").text
    book.grade(RIGHT)
    assert "6" in book.run("from exercises.numbers.double import double as f\nf(3)").text


def test_an_attempt_that_cannot_be_recorded_says_so(book: Book) -> None:
    """The verdict stands, and names the records as what is wrong, whether it passed or failed."""
    records = book.own.progress / "standing.json"
    before = records.read_bytes() if records.exists() else None
    records.unlink(missing_ok=True)
    records.mkdir(parents=True)
    try:
        for text, word in ((WRONG, "not yet"), (RIGHT, "passed")):
            ran = book.grade(text)
            assert word in ran.html and f"{DOUBLE}: not recorded." in ran.html
            assert ran.text.count("not recorded.") == 1
    finally:
        records.rmdir()
        if before is not None:
            records.write_bytes(before)


def test_the_seed_gives_the_same_inputs(book: Book) -> None:
    """``--seed`` replays a run, as the verdict says."""
    ran = book.grade(WRONG, "--seed 20")
    assert "seed 20" in ran.html and f"%%grade {DOUBLE} --seed 20" in ran.html


def test_a_stub_is_open_and_says_what_it_asks_for(book: Book) -> None:
    """A cell that still raises NotImplementedError runs nothing and records nothing."""
    attempts = book.count_attempts()
    ran = book.grade(book.read())
    assert "open: not written yet" in ran.html
    assert "Twice x." in ran.html and "Twice x." in ran.text
    assert book.count_attempts() == attempts


ENDLESS = """def double(x):
    open({!r}, "w").close()
    while True:
        pass
"""


def test_an_interrupted_run_is_not_recorded(book: Book, tmp_path: Path) -> None:
    """The stop button ends the run in words; the cell is in the file, as after a save."""
    began, attempts = tmp_path / "began", book.count_attempts()
    ended = threading.Event()

    def interrupt() -> None:
        while not began.exists() and not ended.wait(0.05):
            pass
        os.kill(book.manager.provisioner.pid, signal.SIGINT)

    stopper = threading.Thread(target=interrupt)
    stopper.start()
    ran = book.grade(ENDLESS.format(str(began)))
    ended.set()
    stopper.join()
    assert ran.status == "error" and "stopped; nothing was recorded." in ran.errors
    assert "Traceback" not in ran.errors
    assert book.count_attempts() == attempts and "while True" in book.read()


@pytest.mark.parametrize("told", ["server", "vscode"])
def test_a_restarted_kernel_knows_what_its_notebook_wrote(tmp_path: Path, told: str) -> None:
    """After a restart its own text may be replaced, and another one may not."""
    book = Book(lay_fresh(tmp_path / "ws"), told=told)
    book.start()
    try:
        book.grade(WRONG)
        book.restart()
        assert book.grade(RIGHT).status == "ok" and book.read() == RIGHT
        book.restart()
        book.save_elsewhere(WRONG)
        assert book.grade(RIGHT).status == "error" and book.read() == WRONG
    finally:
        book.stop()


def test_a_kernel_that_knows_no_notebook_asks_after_a_restart(tmp_path: Path) -> None:
    """Where no front end says which notebook it is, memory ends with the kernel."""
    book = Book(lay_fresh(tmp_path / "ws"), told="nobody")
    book.start()
    try:
        book.grade(WRONG)
        assert book.grade(RIGHT).status == "ok"
        book.restart()
        assert book.grade(WRONG).status == "error" and book.read() == RIGHT
        assert book.grade(RIGHT).status == "ok"  # the same text is no question
    finally:
        book.stop()


def test_two_notebooks_on_one_exercise_do_not_overwrite_each_other(tmp_path: Path) -> None:
    """What one has written is somebody else's text to the other, also after restarts."""
    own = lay_fresh(tmp_path / "ws")
    first, second = Book(own), Book(own, "numbers/other.ipynb")
    first.start()
    second.start()
    try:
        first.grade(WRONG)
        assert second.grade(RIGHT).status == "error" and first.read() == WRONG
        assert second.grade(RIGHT, "--take cell").status == "ok"
        assert first.grade(WRONG).status == "error" and first.read() == RIGHT
        first.restart()
        assert first.grade(WRONG).status == "error" and first.read() == RIGHT
    finally:
        first.stop()
        second.stop()


def test_a_notebook_is_written_that_jupyter_accepts(tmp_path: Path) -> None:
    """It has the contract, the lesson with its picture and its code, and a cell to write in."""
    own = lay_fresh(tmp_path / "ws")
    done = run_grade(own.root, "notebook", SOFTMAX, "--no-open")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "exercises/attention/softmax.ipynb\n"
    path = own.locate_notebook(SOFTMAX)
    nbformat.validate(nbformat.read(path, as_version=4))
    cells = {cell["id"]: cell for cell in read_cells(path)}
    assert list(cells)[:2] == ["title", "contract"] and list(cells)[-2:] == ["load", "grade"]
    assert "def softmax(scores: torch.Tensor, dim: int = -1)" in cells["contract"]["source"]
    assert "`-inf`" in cells["contract"]["source"]
    text = "\n".join(cell["source"] for cell in cells.values())
    assert r"p_i = \frac{e^{x_i}}{\sum_j e^{x_j}}" in text
    assert '<img src="data:image/svg+xml;base64,' in text and "```diagram" not in text
    assert "glossary.md" not in text
    assert "x.exp() / x.exp().sum()" in cells["see-it-break"]["source"]
    assert cells["see-it-break"]["cell_type"] == "code"
    stub = own.locate_stub(SOFTMAX).read_text("utf-8").rstrip("\n")
    assert cells["grade"]["source"] == f"%%grade {SOFTMAX}\n{stub}"
    assert cells["load"]["source"].endswith(LOAD)


def read_cells(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook's file, each source as one text."""
    cells: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def test_a_notebook_that_exists_is_opened_as_it_is(tmp_path: Path) -> None:
    """Only a contract that nobody has edited is brought up to date with the course."""
    own = lay_fresh(tmp_path / "ws")
    path = own.locate_notebook(DOUBLE)
    assert run_grade(own.root, "notebook", DOUBLE, "--no-open").returncode == 0
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"][-1]["source"] = [f"%%grade {DOUBLE}\n", "mine = 1"]
    notebook["cells"].append({**notebook["cells"][0], "id": "own", "metadata": {}, "source": "me"})
    path.write_text(json.dumps(notebook), "utf-8")
    before = path.read_bytes()
    done = run_grade(own.root, "notebook", DOUBLE, "--no-open")
    assert done.returncode == 0 and path.read_bytes() == before
    assert f"Its cell differs from {SHOWN}" in done.stderr

    reference = own.locate_reference(DOUBLE)
    newer = reference.read_text("utf-8").replace("Give twice", "Return twice")
    reference.write_text(newer, "utf-8")
    done = run_grade(own.root, "notebook", DOUBLE, "--no-open")
    assert "Brought up to date: contract." in done.stdout
    after = json.loads(path.read_text("utf-8"))
    assert "Return twice" in "".join(after["cells"][1]["source"])
    changed = [n for n, cell in enumerate(after["cells"]) if cell != notebook["cells"][n]]
    assert changed == [1]

    after["cells"][1]["source"] = ["my own words"]
    path.write_text(json.dumps(after), "utf-8")
    before = path.read_bytes()
    reference.write_text(newer.replace("Return twice", "Compute twice"), "utf-8")
    assert run_grade(own.root, "notebook", DOUBLE, "--no-open").returncode == 0
    assert path.read_bytes() == before


def test_a_file_that_is_no_notebook_is_left(tmp_path: Path) -> None:
    """The command says what is wrong with it."""
    own = lay_fresh(tmp_path / "ws")
    own.locate_notebook(DOUBLE).write_text("{", "utf-8")
    done = run_grade(own.root, "notebook", DOUBLE, "--no-open")
    assert done.returncode == 2 and "it is not a notebook: line 1: not JSON" in done.stderr
    assert own.locate_notebook(DOUBLE).read_text("utf-8") == "{"


def test_a_new_notebook_has_read_the_file(tmp_path: Path) -> None:
    """Its first cell may replace what the file held when it was made, which is kept aside."""
    own = lay_fresh(tmp_path / "ws")
    own.locate_stub(DOUBLE).write_text(WRONG, "utf-8")
    run_grade(own.root, "notebook", DOUBLE, "--no-open")
    book = Book(own)
    assert read_cells(book.path)[-1]["source"] == f"%%grade {DOUBLE}\n{WRONG}".rstrip("\n")
    book.start()
    try:
        ran = book.run("%grade")  # the notebook says of which exercise it is
        assert "not yet" in ran.html and "differs" not in ran.html
        assert book.grade(RIGHT).status == "ok"
        assert book.read() == RIGHT and book.list_asides() == [WRONG]
    finally:
        book.stop()


def test_the_next_exercise_and_names_of_files_are_understood(tmp_path: Path) -> None:
    """Without a name it is the next exercise; ``grade`` takes a notebook's path as its exercise."""
    own = lay_fresh(tmp_path / "ws")
    done = run_grade(own.root, "notebook", "--no-open")
    assert done.stdout == "exercises/attention/softmax.ipynb\n"
    done = run_grade(own.root, "exercises/attention/softmax.ipynb")
    assert "attention/softmax" in done.stdout and done.returncode in (0, 1)
    done = run_grade(own.root, "notebook", "numbers/duble", "--no-open")
    assert done.returncode == 2 and "did you mean numbers/double, " in done.stderr


def test_the_command_says_what_opens_it(tmp_path: Path) -> None:
    """VS Code and PyCharm open the file themselves; in their terminals they are asked to."""
    own = lay_fresh(tmp_path / "ws")
    plain = {"TERM_PROGRAM": "", "TERMINAL_EMULATOR": "", "ZED_TERM": ""}
    if find_spec("jupyterlab") is None:
        done = run_grade(own.root, "notebook", DOUBLE, **plain)
        assert done.returncode == 0 and "VS Code or PyCharm" in done.stdout
        assert 'JupyterLab: python -m pip install -e ".[notebook]"' in done.stdout
    code = tmp_path / "bin" / "code"
    code.parent.mkdir()
    code.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/opened\n', "utf-8")
    code.chmod(0o755)
    path = f"{code.parent}{os.pathsep}{os.environ['PATH']}"
    run_grade(own.root, "notebook", DOUBLE, **{**plain, "TERM_PROGRAM": "vscode", "PATH": path})
    assert (tmp_path / "opened").read_text("utf-8").strip() == str(own.locate_notebook(DOUBLE))


def test_each_notebook_of_the_course_can_be_made(tmp_path: Path) -> None:
    """No lesson or contract breaks it: every notebook is valid, and its links lead to files."""
    session = Session.open(Workspace(ROOT))
    for exercise in session.course.iterate_exercises():
        cells = make_cells(session, exercise)
        parts = [cell.part for cell in cells]
        assert len(set(parts)) == len(parts) and "see-it-break" in parts, exercise.id
        folder = ROOT / "exercises" / exercise.unit
        for cell in cells:
            if cell.kind == "markdown" and cell.part.startswith("lesson"):
                found = re.findall(r"\]\(([^)\s:#]+)\)", cell.source)
                assert [link for link in found if not (folder / link).is_file()] == []
