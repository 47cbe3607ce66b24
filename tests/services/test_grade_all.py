"""Many exercises at once: on all cores, told in course order, with a bar on a terminal only."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from grader.base.paths import Workspace
from grader.cli.console.progress_bar import ProgressBar
from grader.grading.client import Engine
from grader.grading.outcome import Outcome
from grader.services.grade_all import grade_all
from grader.services.grading import grade
from grader.services.parallel import count_cores
from grader.services.session import Session

NAMES = ("one", "two", "three", "four")
IDS = [f"demo/{name}" for name in NAMES]

TWICE = '"""Twice."""\n\nimport os\nimport time\n\n\ndef twice(x):\n    """Double x."""\n'
RIGHT = TWICE + "    return 2 * x\n"
SLOW = TWICE + "    time.sleep(1.0)\n    return 2 * x\n"
UNWRITTEN = TWICE + '    raise NotImplementedError("write twice")\n'

CHECKS = '''\
"""What is asked of twice."""

from grader.checks import equal


def test_three_becomes_six(twice):
    """Twice 3 is 6."""
    equal(twice(3), 6)
'''
MISTAKES = '''\
"""What goes wrong with twice."""

from grader.checks import caught_by


@caught_by("test_three_becomes_six")
def the_same():
    """the number as it came"""

    def twice(x):
        return x
'''
ENTRY = """\
  - id: {name}
    title: Twice
    summary: Double a number.
    writes: [twice]
    minutes: 5
    hints: [What is a number and itself?, The sum of the two., One line.]
"""


def test_the_verdict_is_told_and_recorded_before_its_explanation(
    session: Session, engine: Engine
) -> None:
    """When the verdict is heard, the attempt is on disk; the mistake is added to it afterwards."""
    write(session, one=RIGHT.replace("2 * x", "1 * x"))
    heard: list[tuple[Outcome, list[str | None]]] = []

    def hear(outcome: Outcome) -> None:
        heard.append((outcome, [one.mistake for one in session.records.read_attempts()]))

    outcome = grade(session, engine, session.find_one(IDS[0]), 1, tell_verdict=hear)
    assert [(one.verdict, one.looks_like, seen) for one, seen in heard] == [
        ("failed", None, [None])
    ]
    assert outcome.looks_like is not None and outcome.looks_like.mistake == "the_same"
    assert [one.mistake for one in session.records.read_attempts()] == ["the_same"]
    assert session.records.read_standing(IDS[0]).mistake == "the_same"


class Watched:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.begun: list[str] = []
        self.over: list[str] = []

    def plan(self, names: Sequence[str]) -> None:
        """Tasks are to come."""
        self.names += names

    def begin(self, name: str) -> None:
        """A task has begun."""
        self.begun.append(name)

    def end(self, name: str) -> None:
        """A task has ended."""
        self.over.append(name)

    def tick(self) -> None:
        """A moment has passed."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that has loaded what it needs."""
    with Engine() as engine:
        session = course(tmp_path_factory.mktemp("warming"))
        write(session, one=RIGHT)
        assert verdicts(list(grade_all(session, engine, [session.find_one(IDS[0])], 1))) == [
            "passed"
        ]
        yield engine


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A course of four small exercises, none of them written."""
    return course(tmp_path / "clone")


def course(root: Path) -> Session:
    """The course in a folder."""
    workspace = Workspace(root)
    entries = "".join(ENTRY.format(name=name) for name in NAMES)
    phase = "{id: first, title: First, weeks: [1, 2], units: [demo]}"
    texts = {
        workspace.course_file: f"title: Small\nobjectives: []\nphases:\n  - {phase}\n",
        workspace.resources_file: "resources: []\n",
        workspace.locate_unit_file("demo"): f"title: Demo\nsummary: Small.\nexercises:\n{entries}",
    }
    for exercise in IDS:
        texts[workspace.locate_checks(exercise)] = CHECKS
        texts[workspace.locate_mistakes(exercise)] = MISTAKES
        texts[workspace.locate_lesson(exercise)] = "# Twice\n"
        texts[workspace.locate_reference(exercise)] = RIGHT
        texts[workspace.locate_stub(exercise)] = UNWRITTEN
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Session.open(workspace)


def write(session: Session, **answers: str) -> None:
    """Put the learner's files in place."""
    for name, text in answers.items():
        session.workspace.locate_stub(f"demo/{name}").write_text(text, "utf-8")


def verdicts(outcomes: Sequence[Outcome]) -> list[str]:
    """The verdicts in order."""
    return [outcome.verdict for outcome in outcomes]


def command(session: Session, *words: str, **pipes: int) -> subprocess.Popen[bytes]:
    """``grade`` in the course's folder."""
    kept = {key: text for key, text in os.environ.items() if not key.startswith("PYTEST")}
    return subprocess.Popen(
        [sys.executable, "-m", "grader.cli.main", *words],
        cwd=session.workspace.root,
        env={**kept, "TERM": "xterm", "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **pipes},
    )


def headlines(text: str) -> list[str]:
    """The exercises that lines begin with, in order."""
    return re.findall(r"(?m)^(demo/\w+)  ", text)


def until(true: Callable[[], bool], seconds: float = 240.0) -> None:
    """Wait for something to become true, and fail when it does not."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.skipif(count_cores() < 2, reason="one core")
def test_two_that_wait_a_second_wait_it_together(session: Session, engine: Engine) -> None:
    """The outcomes come in course order although the first is among the slowest."""
    begun = session.workspace.root / "begun"
    telling = SLOW.replace(
        "time.sleep", f"print(time.monotonic(), file=open({str(begun)!r}, 'a', 1)); time.sleep"
    )
    write(session, one=telling, two=RIGHT, three=telling, four=RIGHT.replace("2 *", "3 *"))
    outcomes = list(grade_all(session, engine, list(session.course.iterate_exercises()), 1))
    moments = sorted(map(float, begun.read_text("utf-8").split()))
    # The second began before the first had slept its second out.
    assert moments[1] - moments[0] < 1.0
    assert [outcome.exercise for outcome in outcomes] == IDS
    assert verdicts(outcomes) == ["passed", "passed", "passed", "failed"]


def test_every_attempt_is_recorded_once(session: Session, engine: Engine) -> None:
    """Attempts of several threads are all on disk, none twice, and the standings agree."""
    write(session, **dict.fromkeys(NAMES, RIGHT))
    for _ in range(3):
        assert set(verdicts(list(grade_all(session, engine, session.find(("demo",)), 1)))) == {
            "passed"
        }
    assert Counter(
        attempt.exercise for attempt in session.records.read_attempts()
    ) == dict.fromkeys(IDS, 3)
    standings = Session.open(session.workspace).records.read_standings()
    assert {name: standing.attempts for name, standing in standings.items()} == dict.fromkeys(
        IDS, 3
    )


@pytest.mark.slow
def test_what_was_slowest_begins_first_the_next_time(session: Session, engine: Engine) -> None:
    """How long each took is kept from run to run."""
    write(session, one=RIGHT, two=RIGHT, three=RIGHT, four=SLOW)
    first, second = Watched(), Watched()
    for watched in (first, second):
        list(grade_all(session, engine, session.find(("demo",)), 1, observer=watched))
    assert first.begun == IDS
    assert second.begun[0] == "demo/four"
    assert sorted(second.begun) == sorted(second.names) == sorted(IDS)


def test_what_is_not_written_costs_no_run(session: Session, engine: Engine) -> None:
    """Only the written exercise is a task; the others are told as open, in their places."""
    write(session, three=RIGHT)
    watched = Watched()
    outcomes = list(grade_all(session, engine, session.find(("demo",)), 1, observer=watched))
    assert verdicts(outcomes) == ["open", "open", "passed", "open"]
    assert watched.names == ["demo/three"]


def test_a_fault_of_the_course_stops_none_of_the_others(session: Session) -> None:
    """A check that breaks by itself is our fault, with exit code 3, and the rest is graded."""
    write(session, **dict.fromkeys(NAMES, RIGHT))
    checks = session.workspace.locate_checks("demo/two")
    checks.write_text(CHECKS.replace("equal(twice(3), 6)", '{}["key"]'), "utf-8")
    running = command(session, "--all")
    said, complained = (stream.decode() for stream in running.communicate(timeout=60))
    assert running.returncode == 3, said + complained
    assert headlines(said) == IDS
    assert len(re.findall(r"passed, 1 of 1", said)) == 3 and "demo/two  not graded" in said
    assert "Traceback" not in complained


def test_json_is_one_object_in_course_order(session: Session) -> None:
    """A unit's outcomes as JSON, and nothing else, on a pipe."""
    write(session, one=SLOW, two=RIGHT)
    running = command(session, "demo", "--json")
    said, complained = running.communicate(timeout=60)
    assert (running.returncode, complained) == (1, b"")
    assert [result["exercise"] for result in json.loads(said)["results"]] == IDS


def test_ctrl_c_keeps_what_was_done_and_leaves_no_process(session: Session) -> None:
    """The pass is recorded, the endless loop's process is gone, and no other begins."""
    flag = session.workspace.root / "looping"
    loop = f"    open({str(flag)!r}, 'w').write(str(os.getpid()))\n    while True: pass\n"
    write(session, one=RIGHT, two=TWICE + loop, three=TWICE + loop, four=TWICE + loop)
    running = command(session, "--all")
    until(lambda: flag.exists() and flag.read_text() != "")
    until(lambda: len(Session.open(session.workspace).records.read_attempts()) == 1)
    running.send_signal(signal.SIGINT)
    said, complained = (stream.decode() for stream in running.communicate(timeout=10))
    assert running.returncode == 130, said + complained
    assert "Stopped." in complained and "Traceback" not in complained
    assert [a.exercise for a in Session.open(session.workspace).records.read_attempts()] == [
        "demo/one"
    ]
    loops = int(flag.read_text())
    until(lambda: not psutil.pid_exists(loops), 5)


@pytest.mark.slow
def test_ctrl_c_ends_the_gates_pytest_too(session: Session) -> None:
    """Plain pytest beside the judge does not outlive a gate that was stopped."""
    session.workspace.locate_reference("demo/one").write_text(SLOW.replace("1.0", "4.0"), "utf-8")
    running = command(session, "author", "check", "demo")
    process = psutil.Process(running.pid)

    def sessions() -> list[psutil.Process]:
        return [child for child in process.children() if "pytest" in child.cmdline()]

    until(lambda: sessions() != [])
    found = sessions()
    running.send_signal(signal.SIGINT)
    _, complained = running.communicate(timeout=10)
    assert running.returncode == 130 and b"Traceback" not in complained
    assert not any(session.is_running() for session in found)


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of a pseudo-terminal of 60 columns: the reader's and the command's."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    yield ours, theirs
    os.close(ours)


def heard(ours: int, theirs: int) -> str:
    """All that is written to a terminal until nobody holds it any more."""
    os.close(theirs)
    parts = []
    try:
        while part := os.read(ours, 4096):
            parts.append(part)
    except OSError:  # Linux says so when the last writer has gone
        pass
    return b"".join(parts).decode()


def screen(written: str) -> list[str]:
    """The lines as they stand at last: what follows a carriage return covers what was there."""
    lines = []
    for line in re.sub(r"\x1b\[[0-9;]*m", "", written).replace("\r\n", "\n").split("\n"):
        cells: list[str] = []
        for piece in line.split("\r"):
            cells[: len(piece)] = piece
        lines.append("".join(cells).rstrip())
    return lines


def test_a_terminal_shows_a_bar_that_goes_away(session: Session, terminal: tuple[int, int]) -> None:
    """It names what is running and how far it is; at the end only the outcomes stand there."""
    write(session, one=SLOW, two=RIGHT, three=RIGHT)
    ours, theirs = terminal
    running = command(session, "--all", stdout=theirs, stderr=theirs)
    written = heard(ours, theirs)
    assert running.wait(30) == 1
    assert re.search(r"[#.]{20}  [012] of 3  0:0\d  demo/one", written)
    shown = screen(written)
    assert headlines("\n".join(shown)) == IDS
    assert not any("##" in line or " of 3" in line for line in shown)
    assert "3 of 4 passed" in shown


def test_a_pipe_gets_no_bar(session: Session) -> None:
    """Both streams hold whole lines only."""
    write(session, one=SLOW, two=RIGHT)
    running = command(session, "--all")
    said, complained = running.communicate(timeout=60)
    assert not any(mark in said + complained for mark in (b"\r", b"##", b"..  "))
    assert headlines(said.decode()) == IDS


@pytest.mark.parametrize("columns", [12, 40])
def test_the_bar_keeps_to_the_width(columns: int, terminal: tuple[int, int]) -> None:
    """In a narrow terminal the line is cut, so that it never wraps."""
    ours, theirs = terminal
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with os.fdopen(os.dup(theirs), "w") as stream, ProgressBar(stream) as bar:
        bar.plan(IDS * 2)
        for name in IDS * 2:
            bar.begin(name)
        bar.end(IDS[0])
        bar.tick()
    written = heard(ours, theirs)
    pieces = written.split("\r")
    assert max(map(len, pieces)) == columns - 1
    assert screen(written) == [""]


def test_the_bar_tells_how_much_of_a_name_is_done(terminal: tuple[int, int]) -> None:
    """Where several tasks bear one name, it stands once, with what is done of it."""
    ours, theirs = terminal
    with os.fdopen(os.dup(theirs), "w") as stream, ProgressBar(stream) as bar:
        bar.plan(["demo/one"] * 3 + ["demo/two"])
        for _ in range(3):
            bar.begin("demo/one")
        bar.end("demo/one")
        bar.tick()
    assert "1 of 4  0:00  demo/one 1/3" in heard(ours, theirs)


def test_a_dumb_terminal_gets_no_bar(
    terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot take a line back is not asked to."""
    monkeypatch.setenv("TERM", "dumb")
    ours, theirs = terminal
    with os.fdopen(os.dup(theirs), "w") as stream, ProgressBar(stream) as bar:
        bar.plan(IDS)
        bar.begin(IDS[0])
    assert heard(ours, theirs) == ""
