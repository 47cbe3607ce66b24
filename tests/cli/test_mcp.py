"""``grade mcp`` as an assistant's program uses it: the library's own client over a pipe."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from site_workspace import lay

from grader.base.paths import Workspace
from grader.cli.commands.table import COMMANDS
from grader.cli.commands.tutor import RULES
from grader.cli.console.overview import LAST_HINT
from grader.services.session import Session

mcp = pytest.importorskip("mcp")
from_thread = pytest.importorskip("anyio.from_thread")

SOFTMAX, DOUBLE = "attention/softmax", "numbers/double"
TOOLS = ["next", "contract", "lesson", "grade", "hint", "progress", "search", "log"]
NAMED = ("contract", "lesson", "grade", "hint")
"""The tools that take an exercise."""
ROOT = Path(__file__).resolve().parents[2]
SERVE = [sys.executable, "-m", "grader.cli.main", "mcp"]
SLOW = "import time\n\n\ndef softmax(scores, dim=-1):\n    time.sleep(0.1)\n"
ENDLESS = """import time


def softmax(scores, dim=-1):
    while True:
        with open({!r}, "a") as ticks:
            ticks.write("tick ")
        time.sleep(0.05)
"""
"""As long as it runs, a file grows."""


def lay_fresh(root: Path) -> Workspace:
    """A small course with an untouched stub for each exercise, as a fresh clone of it has."""
    own = lay(root)
    session = Session.open(own)
    for exercise in session.course.iterate_exercises():
        path = own.locate_stub(exercise.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(session.make_stub(exercise), "utf-8")
    return own


@dataclass
class Assistant:
    """A client that is connected to ``grade mcp`` in a workspace."""

    own: Workspace
    client: Any
    portal: Any
    """Runs what the client does in a thread, so that tests stay plain functions."""

    def call(self, tool: str, **arguments: Any) -> Any:
        """Call a tool and return its result."""
        return self.portal.call(self.client.call_tool, tool, arguments)

    def start(self, tool: str, **arguments: Any) -> Any:
        """Call a tool without waiting; the future has its result."""
        return self.portal.start_task_soon(self.client.call_tool, tool, arguments)

    def ask(self, tool: str, **arguments: Any) -> str:
        """Call a tool that succeeds, and return its text."""
        result = self.call(tool, **arguments)
        assert not result.is_error, read(result)
        return read(result)

    def write(self, text: str, exercise: str = SOFTMAX) -> None:
        """Save the learner's file."""
        self.own.locate_stub(exercise).write_text(text, "utf-8")

    def open(self) -> Session:
        """What the workspace is now."""
        return Session.open(self.own)


def read(result: Any) -> str:
    """The text of a result, which is one piece."""
    (content,) = result.content
    return str(content.text)


@contextmanager
def connect(own: Workspace) -> Iterator[Assistant]:
    """An assistant whose program starts the server elsewhere; the server ends with it."""
    server = mcp.StdioServerParameters(
        command=SERVE[0],
        args=[*SERVE[1:], str(own.root)],
        cwd=own.root.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with ExitStack() as stack:
        portal = stack.enter_context(from_thread.start_blocking_portal())
        client = stack.enter_context(portal.wrap_async_context_manager(mcp.Client(server)))
        yield Assistant(own, client, portal)


@pytest.fixture(scope="module")
def connected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """One server for the tests of this file: it reads the workspace anew for each call."""
    with connect(lay_fresh(tmp_path_factory.mktemp("tutor") / "ws")) as assistant:
        yield assistant


@pytest.fixture
def tutor(connected: Assistant) -> Assistant:
    """The assistant in a workspace where nothing has been written yet."""
    own = connected.own
    for folder in (own.progress, own.log):
        shutil.rmtree(folder, ignore_errors=True)
    session = connected.open()
    for exercise in session.course.iterate_exercises():
        connected.write(session.make_stub(exercise), exercise.id)
    return connected


def get_reference(own: Workspace) -> str:
    """The right softmax."""
    return own.locate_reference(SOFTMAX).read_text("utf-8")


def make_wrong(own: Workspace) -> str:
    """A softmax that overflows."""
    return re.sub(r"shifted = .*", "shifted = scores", get_reference(own))


def list_body(source: str) -> list[str]:
    """The lines of all functions' bodies in a reference, without docstrings."""
    lines = source.splitlines()
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            first = node.body[1:] if ast.get_docstring(node) else node.body
            found += [line for part in first for line in lines[part.lineno - 1 : part.end_lineno]]
    return [line.strip() for line in found if len(line.strip()) > 5]


def test_the_tools_are_listed_with_what_they_do(tutor: Assistant) -> None:
    """Eight tools, each described; those that record something say so; no resources, no prompts."""
    tools = tutor.portal.call(tutor.client.list_tools).tools
    assert [tool.name for tool in tools] == TOOLS
    assert all(len(tool.description) > 50 for tool in tools)
    recording = [tool.name for tool in tools if not tool.annotations.read_only_hint]
    assert recording == ["grade", "hint", "log"]
    named = [t.name for t in tools if "exercise" in t.input_schema["properties"]]
    assert sorted(named) == sorted(NAMED)
    assert tutor.portal.call(tutor.client.list_resources).resources == []
    assert tutor.portal.call(tutor.client.list_prompts).prompts == []
    assert tutor.client.instructions == RULES


def test_next_and_progress_say_what_the_commands_say(tutor: Assistant) -> None:
    """The same lines as ``grade next`` and ``grade status``, and the former's JSON as data."""
    for tool, words in (("next", ["next"]), ("progress", ["status"])):
        done = subprocess.run(
            [*SERVE[:-1], *words],
            cwd=tutor.own.root,
            capture_output=True,
            text=True,
            env={**os.environ, "COLUMNS": "110"},
        )
        assert tutor.ask(tool) == done.stdout.rstrip("\n")
    data = tutor.call("next").structured_content
    assert data["next"] == SOFTMAX and data["path"] == f"exercises/{SOFTMAX}.py"


def test_a_contract_has_its_words_and_its_places(tutor: Assistant) -> None:
    """Signatures and docstrings of the stub, each with the line in the learner's file."""
    text = tutor.ask("contract", exercise="numbers/triple")
    lines = tutor.own.locate_stub("numbers/triple").read_text("utf-8").splitlines()
    for words in ("class Triple:", "def of(self, x):"):
        line = next(n for n, one in enumerate(lines, 1) if one.strip() == words)
        assert f"exercises/numbers/triple.py:{line}\n" in text
    assert "Thrice a number." in text and "Give ``x`` three times." in text
    tutor.write("class Triple(:\n", "numbers/triple")
    assert "\nexercises/numbers/triple.py\nclass Triple:" in tutor.ask(
        "contract", exercise="numbers/triple"
    )


def test_without_a_name_the_exercise_in_hand_is_meant(tutor: Assistant) -> None:
    """An empty name, which some assistants send, means the same as none."""
    for name in ({}, {"exercise": None}, {"exercise": ""}):
        assert tutor.ask("contract", **name).startswith(f"{SOFTMAX}  Softmax")
        assert tutor.ask("lesson", **name).startswith(f"curriculum/{SOFTMAX}.md:1\n\n# Softmax")
    assert tutor.ask("grade").startswith(f"{SOFTMAX}  Softmax")
    assert tutor.open().records.read_attempts() == []


def test_a_wrong_answer_is_graded_explained_and_recorded(tutor: Assistant) -> None:
    """The claim that failed, asked, want, got and where, what it looks like; as data too."""
    tutor.write(make_wrong(tutor.own))
    result = tutor.call("grade", exercise=SOFTMAX)
    text = read(result)
    assert not result.is_error
    for words in (
        f"{SOFTMAX}  not yet: ",
        "  FAIL  Logits of 10,000 and -10,000",
        "  asked  softmax(",
        "  want   only finite numbers",
        "*nan*",
        f"  where  exercises/{SOFTMAX}.py:",
        "Looks like  softmax without the shift",
    ):
        assert words in text
    assert text.count("Looks like") == 1 and text.count("asked") == 1
    (graded,) = result.structured_content["results"]
    assert (graded["exercise"], graded["verdict"]) == (SOFTMAX, "failed")
    (attempt,) = tutor.open().records.read_attempts(SOFTMAX)
    assert attempt.verdict == "failed" and attempt.seed == graded["seed"]


def test_a_right_answer_is_recorded_and_the_next_is_named(tutor: Assistant) -> None:
    """A pass counts, and what comes next is said with its place."""
    tutor.write(get_reference(tutor.own))
    text = tutor.ask("grade")
    assert f"{SOFTMAX}  passed, " in text and "1 of 3 passed" in text
    assert f"Next  {DOUBLE}   exercises/{DOUBLE}.py:1" in text
    assert tutor.open().records.read_standing(SOFTMAX).passed_at is not None
    assert tutor.call("next").structured_content["next"] == DOUBLE


def test_each_hint_is_one_step_and_is_recorded(tutor: Assistant) -> None:
    """Three steps, one more each time, and no further after the last."""
    records = tutor.open().records
    texts = []
    for step in (1, 2, 3, 3, 3):
        texts.append(tutor.ask("hint", exercise=SOFTMAX))
        assert records.read_standing(SOFTMAX).hints == step
        assert len(re.findall(r"^\d  ", texts[-1], flags=re.MULTILINE)) == step
    assert texts[2].endswith(LAST_HINT) and texts[2:] == [texts[2]] * 3
    assert tutor.ask("hint").startswith(f"{SOFTMAX}  Softmax\n1  ")


def test_a_line_is_logged_and_found(tutor: Assistant) -> None:
    """A line and its minutes are added to today's file, and the search shows where they are."""
    path = tutor.ask("log", text="read about the shift", minutes=5).removeprefix("Added to ")
    assert "- read about the shift (5 min)\n" in (tutor.own.root / path).read_text("utf-8")
    hits = tutor.ask("search", words="shift read")
    assert re.search(rf"{re.escape(path)}:\d+  log\n    - read about the shift", hits)


def test_what_the_learner_wrote_cannot_steer_a_terminal(tutor: Assistant) -> None:
    """Escape sequences of the log and of the learner's code come as text."""
    tutor.own.log.mkdir(parents=True, exist_ok=True)
    (tutor.own.log / "2026-11-22.md").write_text("# A day\n\n- red \x1b[31m herring\n", "utf-8")
    assert "red \\x1b[31m herring" in tutor.ask("search", words="herring")
    tutor.write("def softmax(scores, dim=-1):\n    raise RuntimeError('a\\x1b[2Jb')\n")
    assert "a\\x1b[2Jb" in tutor.ask("grade", exercise=SOFTMAX)


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        *((tool, {"exercise": "attention/softmx"}, f"did you mean {SOFTMAX}") for tool in NAMED),
        ("contract", {"exercise": "../solutions/attention/softmax"}, "no exercise or unit"),
        ("lesson", {"exercise": "numbers"}, "numbers matches 2 exercises"),
        ("search", {"words": "  "}, "nothing to search for"),
        ("log", {"text": " "}, "nothing to log"),
        ("log", {"text": "long", "minutes": 1441}, "minutes is 1441"),
    ],
)
def test_what_cannot_be_done_is_an_error_in_words(
    tutor: Assistant, tool: str, arguments: dict[str, Any], says: str
) -> None:
    """The tool's result is an error with the message of the command, and nothing is recorded."""
    result = tutor.call(tool, **arguments)
    assert result.is_error and says in read(result)
    assert "Traceback" not in read(result)
    assert not tutor.own.log.exists() and not (tutor.own.progress / "standing.json").exists()


def test_a_fault_of_the_course_is_an_error_with_its_line(tutor: Assistant) -> None:
    """Each tool that needs the course says where it is wrong; the server outlives the fault."""
    path = tutor.own.locate_unit_file("numbers")
    before = path.read_text("utf-8")
    path.write_text(before.replace("title: Numbers", "titel: Numbers"), "utf-8")
    try:
        for tool in ("next", *NAMED, "progress"):
            result = tutor.call(tool)
            assert result.is_error and "curriculum/numbers/unit.yml:1:1" in read(result)
        assert "Added to" in tutor.ask("log", text="the course is broken")
    finally:
        path.write_text(before, "utf-8")
    assert SOFTMAX in tutor.ask("next")


def test_a_fault_of_the_tool_is_said_without_its_traceback(
    tutor: Assistant, tmp_path: Path
) -> None:
    """The traceback is in fault.log, for those who can use it."""
    own = lay_fresh(tmp_path / "ws")
    spoiled = (
        "import sys; from grader.services import search; search._collect = None\n"
        "from grader.cli.main import main; sys.argv[1:] = ['mcp']; main()"
    )
    server = mcp.StdioServerParameters(
        command=sys.executable, args=["-c", spoiled], cwd=own.root, env=dict(os.environ)
    )
    with tutor.portal.wrap_async_context_manager(mcp.Client(server)) as client:
        result = tutor.portal.call(client.call_tool, "search", {"words": "softmax"})
    assert result.is_error and read(result).startswith("Internal error, not a fault in your code")
    assert "Traceback" not in read(result)
    assert "Traceback" in (own.generated / "fault.log").read_text("utf-8")


def test_no_tool_shows_a_line_of_a_reference(tutor: Assistant) -> None:
    """Not before a pass: every tool, every exercise, a wrong answer, all hints, and searches."""
    session = tutor.open()
    tutor.write(make_wrong(tutor.own))
    tutor.write("class Triple:\n    def of(self, x):\n        return None\n", "numbers/triple")
    shown, bodies = [], []
    for exercise in session.course.iterate_exercises():
        body = list_body(session.read_reference(exercise))
        assert body
        if exercise.id == SOFTMAX:  # the wrong answer has all other lines
            body = [line for line in body if line not in make_wrong(tutor.own)]
        bodies += body
        calls = [(tool, {"exercise": exercise.id}) for tool in (*NAMED, *["hint"] * 4)]
        calls += [("search", {"words": line}) for line in body]
        for tool, arguments in calls:
            result = tutor.call(tool, **arguments)
            shown.append(read(result) + json.dumps(result.structured_content, ensure_ascii=False))
    shown += [tutor.ask("next"), tutor.ask("progress")]
    echoed = "Nothing contains all of: "
    said = [line for text in shown for line in text.splitlines() if not line.startswith(echoed)]
    assert bodies and [body for body in bodies if any(body in line for line in said)] == []


def test_two_tools_at_once_answer_each_for_itself(tutor: Assistant) -> None:
    """A quick tool does not wait for a grading, and neither has a word of the other."""
    tutor.write(SLOW)
    grading = tutor.start("grade", exercise=SOFTMAX)
    texts = [tutor.ask("lesson", exercise=DOUBLE), tutor.ask("contract", exercise=DOUBLE)]
    assert not grading.done()
    tutor.write("def double(x):\n    return x + x\n", DOUBLE)
    assert f"{DOUBLE}  passed" in tutor.ask("grade", exercise=DOUBLE)
    graded = read(grading.result(120))
    assert SOFTMAX not in "".join(texts) and graded.startswith(f"{SOFTMAX}  not yet")
    assert f"{DOUBLE}  passed" not in graded
    attempts = {attempt.exercise for attempt in tutor.open().records.read_attempts()}
    assert attempts == {SOFTMAX, DOUBLE}


def wait_for(ticks: Path) -> None:
    """Wait until the endless answer runs."""
    end = time.monotonic() + 60
    while not ticks.exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_still(ticks: Path) -> bool:
    """Whether nothing runs any more, a second from now."""
    time.sleep(1)
    size = ticks.stat().st_size
    time.sleep(0.5)
    return ticks.stat().st_size == size


def test_a_grading_that_is_cancelled_is_not_recorded(tutor: Assistant, tmp_path: Path) -> None:
    """Where the assistant's program no longer waits, the run ends, and the server goes on."""
    ticks = tmp_path / "ticks"
    tutor.write(ENDLESS.format(str(ticks)))
    grading = tutor.start("grade", exercise=SOFTMAX)
    wait_for(ticks)
    grading.cancel()
    assert is_still(ticks)
    tutor.write(make_wrong(tutor.own))
    assert f"{SOFTMAX}  not yet" in tutor.ask("grade", exercise=SOFTMAX)
    assert len(tutor.open().records.read_attempts(SOFTMAX)) == 1


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """``grade mcp`` as a process of its own in ``ws``, which ends with the test."""
    started = []

    def start(own: Workspace) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                SERVE,
                cwd=own.root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def send(process: subprocess.Popen[str], method: str, **more: Any) -> None:
    """Write one message to the server, a request where it has an id."""
    assert process.stdin is not None
    process.stdin.write(json.dumps({"jsonrpc": "2.0", "method": method, **more}) + "\n")
    process.stdin.flush()


def greet(process: subprocess.Popen[str]) -> None:
    """Open the conversation."""
    about = {"name": "test", "version": "1"}
    parameters = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": about}
    send(process, "initialize", id=1, params=parameters)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["result"]["serverInfo"]["name"] == "groundwork"
    send(process, "notifications/initialized")


def test_the_server_ends_when_its_input_closes(tmp_path: Path, start: Start) -> None:
    """Before any request and after one: exit code 0, and nothing but messages on its output."""
    own = lay_fresh(tmp_path / "ws")
    process = start(own)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0
    process = start(own)
    greet(process)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, out, error) == (0, "", "")


def test_a_grading_ends_with_the_server(tmp_path: Path, start: Start) -> None:
    """When the input closes meanwhile, the run is given up at once, and nothing is recorded."""
    own, ticks = lay_fresh(tmp_path / "ws"), tmp_path / "ticks"
    own.locate_stub(SOFTMAX).write_text(ENDLESS.format(str(ticks)), "utf-8")
    process = start(own)
    greet(process)
    call = {"name": "grade", "arguments": {"exercise": SOFTMAX}}
    send(process, "tools/call", id=2, params=call)
    wait_for(ticks)
    process.communicate(timeout=20)  # the run itself would take more than a minute
    assert process.returncode == 0 and is_still(ticks)
    assert Session.open(own).records.read_attempts() == []


def test_ctrl_c_ends_the_server(tmp_path: Path, start: Start) -> None:
    """At once, although it waits for input."""
    process = start(lay_fresh(tmp_path / "ws"))
    greet(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == -signal.SIGINT


def test_outside_a_workspace_it_says_what_to_do(tmp_path: Path) -> None:
    """On standard error, and with exit code 2; standard output is the protocol's."""
    done = subprocess.run(SERVE, cwd=tmp_path, input="", capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not in a Groundwork workspace" in done.stderr


@pytest.mark.parametrize("missing", ["mcp", "mcp.server"])
def test_the_package_to_install_is_named(missing: str) -> None:
    """Where the library is missing, or is one without this server, the command says what to do."""
    without = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from grader.cli.main import main; sys.argv[1:] = ['mcp']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", without], cwd=ROOT, input="", capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert 'python -m pip install -e ".[mcp]"' in done.stderr


def test_its_help_loads_no_library() -> None:
    """Only a server that starts pays for the library."""
    program = (
        "import sys\nfrom grader.cli.main import main\n"
        "sys.argv[1:] = ['mcp', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(*{'mcp', 'anyio', 'grader.grading.client'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "over MCP" in done.stdout and done.stderr == "\n"


def test_the_rules_for_assistants_name_what_there_is() -> None:
    """AGENTS.md is short, the commands, tools and files in it exist, and CLAUDE.md names it."""
    text = (ROOT / "AGENTS.md").read_text("utf-8")
    assert len(text.splitlines()) < 60
    commands = set(re.findall(r"`grade (\w+)\b(?!/)", text)) - {"unit"}
    assert {"next", "hint", "solution", "mcp"} <= commands <= COMMANDS.keys()
    for tool in TOOLS:
        assert re.search(rf"tools [^.]*\b{tool}\b", text)
    assert re.findall(r"`(\w+/)`", text) == ["exercises/", "solutions/", "tests/", "progress/"]
    guide, _, anchor = re.findall(r"\]\((docs/[^)]+)\)", text)[0].partition("#")
    headings = re.findall(r"^## (.+)$", (ROOT / guide).read_text("utf-8"), flags=re.MULTILINE)
    assert anchor in [heading.lower().replace(" ", "-") for heading in headings]
    assert (ROOT / "CLAUDE.md").read_text("utf-8") == "@AGENTS.md\n"
