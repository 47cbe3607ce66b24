"""The screen and its keys, through a real terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from editors import in_place
from terminal import Terminal, environment, until

from grader.base.paths import Workspace
from grader.course.loader.loading import load

from .conftest import COMMAND, SOFTMAX, Clone, Watch

NEXT = next(load(Workspace(Path(__file__).resolve().parents[3])).iterate_exercises()).id
"""The first exercise of the course."""


@pytest.mark.slow
def test_a_session_with_every_key(clone: Clone, watch: Watch) -> None:
    """From the first stub to quitting: each key does what its line says."""
    terminal = watch()
    terminal.until(f"{NEXT}  open")
    keys = ("n next", "h hint", "l list", "a all", "r reset", "s solution", "g log", "q quit")
    assert all(key in terminal.text() for key in keys)
    _search_takes_an_exercise(terminal)
    _hints_go_one_further(terminal)
    _a_solution_is_asked_for(terminal, clone)
    in_place(clone.file(), clone.wrong())
    shown = terminal.until("Looks like")
    assert all(word in shown for word in ("FAIL", "asked", "want", "got", "where", " ok "))
    in_place(clone.file(), clone.right())
    assert "Passed and recorded" in terminal.until("passed, 15 of 15")
    assert clone.attempts() == 2
    _again_grades_again(terminal, clone)
    _a_line_is_logged(terminal, clone)
    _a_reset_asks_and_keeps_the_file(terminal, clone)
    in_place(clone.file(), clone.right())
    terminal.until("passed, 15 of 15")
    terminal.type("a")
    assert f"{SOFTMAX}  passed" in terminal.until(lambda text: "1 of " in text.splitlines()[0])
    terminal.until("not written yet")
    terminal.type("\x1b")
    terminal.until("Passed and recorded")
    terminal.type("n")
    terminal.until(f"{NEXT}  open")
    terminal.type("n")
    terminal.until(lambda text: f"{NEXT}  open" not in text and "open: not" in text)
    terminal.type("q")
    assert terminal.ended() == 0
    assert terminal.restored()


def _search_takes_an_exercise(terminal: Terminal) -> None:
    terminal.type("l")
    terminal.until("search:")
    terminal.type("mask")
    terminal.until(lambda text: "causal_mask" in text and SOFTMAX not in text)
    terminal.type("\x1b")
    terminal.until("q quit")
    terminal.type("l")
    terminal.until("search:")
    terminal.type("softm\r")
    terminal.until(f"{SOFTMAX}  open")


def _hints_go_one_further(terminal: Terminal) -> None:
    terminal.type("h")
    terminal.until("2 more: h")
    terminal.type("h")
    terminal.until("1 more: h")
    terminal.type("\x1b")
    terminal.until(f"Open    exercises/{SOFTMAX}.py")


def _a_solution_is_asked_for(terminal: Terminal, clone: Clone) -> None:
    terminal.type("s")
    terminal.until("y/N")
    terminal.type("x")
    terminal.until("q quit")
    assert "the reference" not in terminal.text()
    terminal.type("s")
    terminal.until("y/N")
    terminal.type("y")
    terminal.until("+++ the reference")
    terminal.type("\x1b")
    terminal.until("Open    ")


def _again_grades_again(terminal: Terminal, clone: Clone) -> None:
    before = clone.attempts()
    terminal.type("\r")
    until(lambda: clone.attempts() == before + 1)
    terminal.until("passed, 15 of 15")


def _a_line_is_logged(terminal: Terminal, clone: Clone) -> None:
    terminal.type("g")
    terminal.until("log:")
    terminal.type("why q and n are letters here\r")
    terminal.until("Added to docs/log/")
    (entry,) = (clone.root / "docs" / "log").glob("*.md")
    assert "- why q and n are letters here" in entry.read_text("utf-8")


def _a_reset_asks_and_keeps_the_file(terminal: Terminal, clone: Clone) -> None:
    terminal.type("r")
    terminal.until("y/N")
    terminal.type("n")
    terminal.until("q quit")
    assert clone.file().read_text("utf-8") == clone.right()
    terminal.type("r")
    terminal.until("y/N")
    terminal.type("y")
    terminal.until("Your file is kept as progress/aside/attention/softmax-")
    terminal.until("open: not written yet")
    (kept,) = (clone.root / "progress" / "aside" / "attention").iterdir()
    assert kept.read_text("utf-8") == clone.right()


def test_a_narrow_and_short_terminal_shows_the_failure(clone: Clone, watch: Watch) -> None:
    """In 40 columns and 15 rows: verdict, broken claim, answer and keys; the rest by scrolling."""
    in_place(clone.file(), clone.wrong())
    terminal = watch(SOFTMAX, columns=40, rows=15)
    shown = terminal.until("want ")
    assert all(words in shown for words in ("10 of 15", "Logits of 10,000", "q quit"))
    terminal.type("j" * 60)
    terminal.until("torch.softmax")


def test_a_narrow_list_shows_a_title_whole_or_not_at_all(clone: Clone, watch: Watch) -> None:
    """In 40 columns each exercise has its row, and no title is cut in the middle."""
    in_place(clone.file(), clone.wrong())
    terminal = watch(SOFTMAX, columns=40, rows=15)
    terminal.until("want ")
    terminal.type("/causal")
    shown = terminal.until(lambda text: "attention/softmax " not in text and "causal_mask" in text)
    (row,) = [line for line in shown.splitlines() if "causal_mask" in line]
    assert row == "> [ ] attention/causal_mask"


@pytest.mark.slow
def test_without_colour_signs_and_words_carry_all(clone: Clone, watch: Watch) -> None:
    """With NO_COLOR the screen says the same, and no colour is sent."""
    in_place(clone.file(), clone.wrong())
    terminal = watch(SOFTMAX, NO_COLOR="1")
    shown = terminal.until("Looks like")
    assert "FAIL" in shown and "not yet" in shown
    assert not any(
        f"\x1b[{code}".encode() in terminal.raw for code in ("31m", "32m", "0;31", "0;32")
    )


@pytest.mark.slow
def test_a_dumb_terminal_gets_plain_lines(clone: Clone, watch: Watch) -> None:
    """TERM=dumb: nothing but lines, and Ctrl-C ends it."""
    terminal = watch(SOFTMAX, TERM="dumb")
    terminal.until("open: not written yet")
    in_place(clone.file(), clone.wrong())
    terminal.until("Looks like")
    assert b"\x1b" not in terminal.raw
    terminal.type("\x03")
    terminal.ended()
    assert terminal.restored()


@pytest.mark.slow
def test_over_a_pipe_each_verdict_is_a_block_of_lines(clone: Clone) -> None:
    """No escapes; it goes on after the end of its input, and ends when nobody reads."""
    with subprocess.Popen(
        [*COMMAND, SOFTMAX],
        cwd=clone.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as program:
        assert program.stdout is not None and program.stderr is not None
        _line(program, "open: not written yet")
        in_place(clone.file(), clone.wrong())
        _line(program, "Looks like")
        in_place(clone.file(), clone.right())
        block = _line(program, "ok    The gradient")
        assert "passed, 15 of 15" in block and "\x1b" not in block
        program.stdout.close()
        program.wait(10)
        assert "Traceback" not in program.stderr.read()


def _line(program: subprocess.Popen[str], words: str) -> str:
    """What is printed up to the line that holds the words."""
    assert program.stdout is not None
    said = ""
    for line in program.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["term", "hup"])
def test_a_signal_ends_all_and_restores_the_terminal(
    clone: Clone, watch: Watch, number: signal.Signals
) -> None:
    """Also while a run is under way no process of it is left, and nothing is recorded."""
    in_place(clone.file(), clone.endless())
    terminal = watch(SOFTMAX)
    terminal.until(lambda text: "starting the grader" in text or "checking" in text)
    time.sleep(0.5)
    os.kill(terminal.program.pid, number)
    terminal.ended()
    assert terminal.restored()
    until(lambda: not _grading(clone.root), 5)
    assert clone.attempts() == 0


def _grading(root: Path) -> list[int]:
    """Processes of this clone that are still there."""
    found = []
    for process in psutil.process_iter(["cwd", "cmdline"]):
        inside = str(root) in (process.info["cwd"] or "")
        if inside and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process.pid)
    return found


@pytest.mark.slow
def test_what_a_learners_code_prints_cannot_steer_the_screen(clone: Clone, watch: Watch) -> None:
    """An escape sequence in an error is spelled out."""
    text = clone.right().replace(
        "    shifted", '    raise ValueError("\\x1b[2J\\x1b]0;x\\x07")\n    shifted'
    )
    in_place(clone.file(), text)
    terminal = watch(SOFTMAX)
    assert "\\x1b[2J" in terminal.until("ValueError")
    assert b"\x1b]0;x" not in terminal.raw


def test_a_resized_terminal_is_painted_anew(clone: Clone, watch: Watch) -> None:
    """Lines are broken for the new width."""
    terminal = watch(SOFTMAX)
    terminal.until("q quit")
    terminal.resize(60, 20)
    os.kill(terminal.program.pid, signal.SIGWINCH)
    terminal.until(lambda text: "\nEnter again" in text)
