"""Everything that a learner's file may do, done for real: each has a verdict of its own."""

from __future__ import annotations

import sys
import time

import psutil
import pytest
from small_course import REFERENCE, Bench, body, first, statuses

from grader.grading.client import Engine
from grader.grading.host import discovery
from grader.grading.host.server import PREFORKS

PROCESSES = 3
"""A prefork is a supervisor, a judge and a worker."""
GOOD = REFERENCE


@pytest.mark.slow
def test_the_reference_passes_every_check(bench: Bench) -> None:
    """A right answer passes, and nothing is said of it."""
    report = bench.grade(GOOD)
    assert statuses(report) == ["passed"] * 3
    assert [f.message for f in report.findings] == ["", "", ""]
    assert not report.fault and not report.load_error


@pytest.mark.parametrize(
    ("doing", "status", "words"),
    [
        ("raise KeyError('lost')", "failed", "KeyError"),
        ("return undefined", "failed", "name 'undefined' is not defined"),
        ("return twice(x)", "failed", "exceeded the recursion limit"),
        ("import sys; sys.exit(3)", "crashed", "ended the program"),
        ("import os; os._exit(0)", "crashed", "exit code 0"),
        ("import ctypes; ctypes.string_at(0)", "crashed", "SIGSEGV"),
        ("import os; os.abort()", "crashed", "SIGABRT"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "crashed", "SIGKILL"),
        ("import pytest; pytest.exit('over')", "failed", "Exit"),
        ("import pytest; pytest.skip('no')", "failed", "Skipped"),
        ("import pytest; pytest.xfail('no')", "failed", "XFailed"),
        ("raise KeyboardInterrupt", "failed", "KeyboardInterrupt"),
        ("raise GeneratorExit", "failed", "GeneratorExit"),
        ("return input()", "failed", "your code calls input()"),
        ("raise EOFError('empty')", "failed", "EOFError: empty"),
        ("return bytearray(4 << 30)", "memory", "ran out of memory"),
        ("import torch; return torch.ones(1 << 32)", "memory", "ran out of memory"),
        ("import os; os.closerange(0, 100); return 6", "crashed", "could not continue"),
        ("import os; os.write(3, b'x' * 64); return 6", "crashed", "invalid answer"),
        ("return None", "failed", "got None, expected an int"),
        ("return lambda: 6", "failed", "got an object of type function, expected an int"),
    ],
)
def test_a_fault_has_its_own_verdict_and_the_rest_goes_on(
    bench: Bench, doing: str, status: str, words: str
) -> None:
    """The check in which it happened says so; the two other checks pass."""
    report = bench.grade(body(doing))
    assert statuses(report) == [status, "passed", "passed"]
    assert words in first(report).message
    assert not report.fault


def test_an_exception_is_shown_with_its_own_line(bench: Bench) -> None:
    """The learner reads the path and line of their own file."""
    report = bench.grade(body("raise KeyError('lost')"))
    assert first(report).where.endswith("exercises/demo/twice.py:9")
    assert "raise KeyError('lost')" in first(report).message


def test_a_call_that_never_returns_times_out_and_the_rest_goes_on(bench: Bench) -> None:
    """An endless loop costs its deadline once, and its process is gone afterwards."""
    report = bench.grade(body("while True: pass"), call_seconds=0.5)
    assert statuses(report) == ["timeout", "passed", "passed"]
    assert "0.5 seconds" in first(report).message
    assert not strays()


def test_code_stuck_in_c_times_out(bench: Bench) -> None:
    """A call that Python cannot interrupt is ended from outside."""
    report = bench.grade(body("return len(str(7 ** 7 ** 9))", "import sys"), call_seconds=0.5)
    assert statuses(report) == ["timeout", "passed", "passed"]


SLOW = """
end = time.process_time() + 0.4
while time.process_time() < end:
    pause = time.process_time() + 0.02
    while time.process_time() < pause: pass
    time.sleep(0.04)
return 6
"""


def test_code_that_computes_slowly_because_the_machine_is_busy_is_not_ended(bench: Bench) -> None:
    """Of a deadline of 1 second it has computed for 0.4 when 1.2 seconds have passed."""
    report = bench.grade(body(SLOW.strip(), "import time"), call_seconds=1.0)
    assert statuses(report) == ["passed"] * 3


def test_code_that_waits_is_ended_at_its_deadline(bench: Bench) -> None:
    """Whoever sleeps does not compute: the clock counts."""
    report = bench.grade(body("time.sleep(1.5); return 6", "import time"), call_seconds=1.0)
    assert statuses(report) == ["timeout", "passed", "passed"]


def test_all_checks_together_have_a_deadline(bench: Bench) -> None:
    """A file that uses up the exercise's time is ended, and the report says so."""
    began = time.monotonic()
    slow = GOOD.replace("return x * 2", "import time; time.sleep(2); return x * 2")
    report = bench.grade(slow, seconds=1.0)
    assert report.out_of_time
    assert time.monotonic() - began < 5
    assert not strays()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def twice(x:\n    return 1\n", "SyntaxError"),
        ("def twice(x):\n\tif x:\n        return 1\n", "TabError"),
        ("import nothing_of_that_name\n", "ModuleNotFoundError"),
        ("raise RuntimeError('at import')\n", "at import"),
        ("import os; os._exit(0)\n", "exit code 0"),
        ("import sys; sys.exit(0)\n", "SystemExit"),
        ("from solutions.demo.twice import twice\n", "may not import from solutions"),
        ("x = 1\0\n", "null bytes"),
    ],
)
def test_a_file_that_cannot_be_loaded_blocks_every_check(
    bench: Bench, text: str, words: str
) -> None:
    """The reason is given once, and no check counts as passed."""
    report = bench.grade(text)
    assert statuses(report) == ["blocked"] * 3
    assert words in report.load_error


@pytest.mark.slow
def test_a_file_that_never_finishes_loading_blocks_every_check(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An endless loop at import is ended by the exercise's deadline at the latest."""
    report = bench.grade("while True: pass\n", seconds=2.0)
    assert report.out_of_time or statuses(report) == ["blocked"] * 3
    assert not strays()


def test_a_function_not_written_yet_blocks_what_asks_it(bench: Bench) -> None:
    """A body that only raises NotImplementedError is no wrong answer, whatever words it uses."""
    stub = "def twice(x):\n    raise NotImplementedError({!r})\n"
    for words in ("write twice (about 1 line)", "some day"):
        report = bench.grade(stub.format(words))
        assert statuses(report) == ["blocked"] * 3
        assert first(report).message == "twice is not written yet"
        assert all(finding.unwritten for finding in report.findings)


def test_not_implemented_beside_other_code_is_an_answer(bench: Bench) -> None:
    """Who has begun and raises NotImplementedError, even in the stub's words, is judged."""
    begun = (
        "def twice(x):\n    y = x\n    raise NotImplementedError('write twice (about 1 line)')\n"
    )
    report = bench.grade(begun)
    assert statuses(report) == ["failed"] * 3
    assert not any(finding.unwritten for finding in report.findings)


def test_an_earlier_exercise_not_written_yet_blocks_too(bench: Bench) -> None:
    """Where the learner's own files serve one another, the one that is missing is named."""
    (bench.root / "solutions" / "demo" / "half.py").write_text(
        "class Half:\n    def of(self, x):\n        raise NotImplementedError('later')\n"
    )
    uses = "def twice(x):\n    from exercises.demo.half import Half\n    return Half().of(x) * 4\n"
    report = bench.grade(uses)
    assert statuses(report) == ["blocked"] * 3
    assert first(report).message == "Half.of is not written yet"


def test_words_about_memory_are_no_lack_of_it(bench: Bench) -> None:
    """An error that the learner's own line raises is what its type says."""
    report = bench.grade(body('raise RuntimeError("can\'t allocate memory")'))
    assert statuses(report) == ["failed", "passed", "passed"]


def test_a_missing_function_is_named(bench: Bench) -> None:
    """A file without the function says which one is missing."""
    report = bench.grade("def thrice(x):\n    return 3 * x\n")
    assert statuses(report) == ["blocked"] * 3
    assert "does not define twice" in first(report).message


def test_a_wrong_signature_is_named(bench: Bench) -> None:
    """A function that cannot take the contract's arguments says so."""
    report = bench.grade("def twice():\n    return 6\n")
    assert statuses(report)[0] == "failed"
    assert "cannot be called like this" in first(report).message
    assert "positional argument" in first(report).message


def test_an_error_that_does_not_come_is_asked_for_by_name(bench: Bench) -> None:
    """Where the contract asks for ValueError and an answer came, the message says so."""
    finding = first(bench.grade("def twice(x):\n    return x * 2\n"))
    assert finding.message == "nothing was raised; a ValueError is expected"


@pytest.mark.parametrize(
    ("checks", "due"),
    [
        ("    with pytest.raises(ValueError):\n        twice('word')\n", "a ValueError"),
        ("    with pytest.raises((KeyError, OSError)): twice('word')\n", "a KeyError or OSError"),
        ("    assert refused(twice, 'word')\n", "an IndexError"),
        ("    assert twice('word') == 6\n", ""),
    ],
    ids=["raises", "one of two", "except", "none"],
)
def test_another_error_than_is_due_names_the_one_that_is(
    bench: Bench, checks: str, due: str
) -> None:
    """Where the check waits for one error and another comes, both are said."""
    bench.checks(
        "import pytest\n\n\ndef refused(function, x):\n    try:\n        function(x)\n"
        "    except IndexError:\n        return True\n    return False\n\n\n"
        f"def test_refused(twice):\n    'It.'\n{checks}"
    )
    finding = first(bench.grade(REFERENCE.replace("raise ValueError(", "raise TypeError(")))
    got = "TypeError: a word is no number"
    said = f'{got} in `raise TypeError("a word is no number")`'
    assert finding.message == (f"{said}; {due} is expected" if due else said)
    assert (finding.want, finding.got) == ((due, got) if due else ("", ""))


def test_an_output_flood_is_capped_and_said_so(bench: Bench) -> None:
    """Fifty megabytes of output neither block the run nor reach the report."""
    report = bench.grade(body("print('flood ' * (10 << 20)); return 5"))
    assert statuses(report) == ["failed", "passed", "passed"]
    assert len(first(report).message) < 20_000
    assert "more was printed" in first(report).message


def test_what_is_printed_cannot_steer_the_terminal(bench: Bench) -> None:
    """Escape sequences, broken UTF-8 and direction marks are spelled out."""
    doing = "import sys; sys.stdout.buffer.write(b'\\x1b]0;title\\x07 \\xff\\n')\nprint('\\u202e')"
    message = first(bench.grade(body(doing + "\nreturn 5"))).message
    assert "\x1b" not in message and "\x07" not in message and "\u202e" not in message
    assert "\\x1b]0;title" in message and "\\xff" in message and "\\u202e" in message


def test_what_an_exception_says_cannot_steer_the_terminal(bench: Bench) -> None:
    """An exception's message is as harmless as output."""
    message = first(bench.grade(body("raise ValueError('\\x1b[2J\\ud800')"))).message
    assert "\x1b" not in message and "\\x1b[2J" in message
    message.encode("utf-8")


@pytest.mark.parametrize(
    ("doing", "words"),
    [
        ("import torch; torch.set_default_dtype(torch.float64)", "the default dtype was changed"),
        ("import os; os.chdir('/')", "the working directory was changed"),
        ("import os; os.environ['HOME'] = '/nowhere'", "the environment was changed: HOME"),
        ("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)", "SIGTERM was changed"),
        ("import torch; torch.set_grad_enabled(False)", "gradients were switched off"),
        ("import sys; sys.stdout = None", "sys.stdout, sys.stderr or sys.stdin was replaced"),
        ("import sys; sys.setrecursionlimit(99999)", "the recursion limit was changed"),
        (
            "import threading, time; threading.Thread(target=time.sleep, args=(60,)).start()",
            "1 background thread still running",
        ),
        (
            "import subprocess, sys; subprocess.Popen(['sleep', '60'])",
            "1 child process still running",
        ),
    ],
)
def test_what_a_call_leaves_changed_is_noted_and_put_back(
    bench: Bench, doing: str, words: str
) -> None:
    """The check passes with a note, and the next one starts clean."""
    report = bench.grade(body(doing))
    assert statuses(report) == ["passed"] * 3
    assert words in report.findings[0].message
    assert report.findings[1].message == ""
    assert not strays()


def test_a_changed_seed_does_not_reach_the_next_check(bench: Bench) -> None:
    """The generators are seeded afresh for each check."""
    bench.checks(
        "from grader.checks import holds\n\n\n"
        "def test_one(twice):\n    assert twice(3) == 6\n\n\n"
        "def test_two(beside, twice):\n"
        "    holds(float(beside('torch.rand')(1)[0]) != 0.0, 'drawn')\n"
    )
    seeded = body("import torch; torch.manual_seed(0)")
    assert statuses(bench.grade(seeded)) == statuses(bench.grade(GOOD)) == ["passed"] * 2


def test_daemons_are_gone_afterwards(bench: Bench) -> None:
    """A process that detached itself twice over is ended with the run."""
    doing = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.closerange(0, 50)\n"
        "        time.sleep(300)\n"
        "    os._exit(0)\n"
        "os.wait()"
    )
    report = bench.grade(body(doing))
    assert statuses(report) == ["passed"] * 3
    assert not strays()


def test_a_fork_that_answers_too_cannot_pass(bench: Bench) -> None:
    """Two processes on one channel spoil the conversation; they do not forge a verdict."""
    report = bench.grade(body("import os\nos.fork()\nreturn 5"))
    assert statuses(report)[0] in ("failed", "crashed")
    assert not strays()


@pytest.mark.parametrize(
    "forgery",
    [
        "class Yes(int):\n    def __eq__(self, other): return True\n"
        "    __hash__ = int.__hash__\n\n\ndef twice(x):\n    return Yes()\n",
        "class Yes:\n    def __eq__(self, other): return True\n    dtype = shape = None\n\n\n"
        "def twice(x):\n    return Yes()\n",
        "import torch\ntorch.allclose = torch.equal = torch.isclose = lambda *a, **k: True\n\n\n"
        "def twice(x):\n    return x\n",
        "import pytest, _pytest.runner\n_pytest.runner.check_interactive_exception = print\n"
        "_pytest.runner.TestReport.passed = True\n\n\ndef twice(x):\n    return 0\n",
        "import torch\n\n\nclass Close(torch.Tensor):\n    pass\n\n\n"
        "def twice(x):\n    return torch.zeros(2, 3).as_subclass(Close)\n",
        "import gc, sys\n\n\ndef twice(x):\n"
        "    for thing in gc.get_objects():\n"
        "        if type(thing).__name__ in ('Reporter', 'Conversation', 'Finding'):\n"
        "            return 6\n"
        "    frame = sys._getframe()\n"
        "    while frame:\n"
        "        if 'want' in frame.f_locals: return frame.f_locals['want']\n"
        "        frame = frame.f_back\n",
        "import atexit, os, threading\nthreading.Timer(0.05, os._exit, [0]).start()\n\n\n"
        "def twice(x):\n    import time; time.sleep(0.2)\n",
        "def twice(x):\n    return float('nan')\n",
        "def twice(x):\n    raise ValueError\n",
    ],
)
def test_a_forged_answer_does_not_pass(bench: Bench, forgery: str) -> None:
    """Objects that say yes, patched libraries and early exits never make three passes."""
    report = bench.grade(forgery)
    assert "passed" not in statuses(report)[:2]
    assert not report.fault


def test_inputs_spoiled_to_fit_a_wrong_answer_do_not_pass(bench: Bench) -> None:
    """A check that computes what is due from arguments emptied under it has not passed."""
    bench.checks(
        "from grader.checks import close\nfrom grader.checks import gradients\n\n\n"
        "def test_due_later(twice, randn):\n    x = randn(2, 3)\n    close(twice(x), x + x)\n\n\n"
        "def test_allowed(twice, randn, in_place):\n    x = randn(2, 3)\n    twice(x)\n"
        "    close(x, x * 0)\n\n\n"
        "def test_upstream(twice, randn):\n    x, upstream = randn(2, 3), randn(2, 3)\n"
        "    (got,) = gradients(twice, x, upstream=upstream)\n    close(got, 2 * upstream)\n"
    )
    emptied = (
        "import sys\n\n\ndef twice(x):\n    x.data.zero_()\n"
        "    upstream = sys._getframe(1).f_locals.get('upstream')\n"
        "    if upstream is not None:\n        upstream.zero_()\n    return x * 0\n"
    )
    report = bench.grade(emptied)
    assert statuses(report) == ["failed", "passed", "failed"]
    assert "twice changed an argument in place" in first(report).message


@pytest.mark.parametrize(
    ("forgery", "status"),
    [
        ("return type('float32 tensor 2x3', (), {})()", "failed"),
        ("a = ()\nfor _ in range(900): a = (a,)\nreturn a", "failed"),
        (
            "import sys\nsys.setrecursionlimit(10**6)\na = ()\n"
            "for _ in range(900): a = (a,)\nreturn a",
            "failed",
        ),
        ("import importlib\nimportlib.import_module('exercises.demo/.twice')", "failed"),
        (
            "import sys\nworker = sys._getframe(3).f_locals['self']\n"
            "worker._pack_error = worker._answer = lambda *a: worker._codec.pack("
            "['raised', {'type': 'X', 'message': 'm', 'bases': ['StopIteration'], 'frames': 5}])\n"
            "raise KeyError",
            "crashed",
        ),
    ],
)
def test_a_strange_answer_is_the_learners_fault_alone(
    bench: Bench, forgery: str, status: str
) -> None:
    """Names that pose as tensors, bottomless values and forged errors never reach the judge."""
    report = bench.grade(body(forgery))
    assert statuses(report)[0] == status
    assert statuses(report)[1:] == ["passed", "passed"]
    assert not report.fault


FORBIDDEN = ("torch.mul", "torch.Tensor.mul", "torch.nn.functional.relu", "torch.nn.ReLU")


@pytest.mark.parametrize(
    "use",
    [
        "import torch\n\n\ndef twice(x):\n    return torch.mul(x, 2)\n",
        "from torch import mul\n\n\ndef twice(x):\n    return mul(x, 2)\n",
        "import torch\n\n\ndef twice(x):\n    return torch.as_tensor(x).mul(2)\n",
        "import torch.nn.functional as F\n\n\ndef twice(x):\n    return F.relu(x)\n",
        "from torch import nn\n\n\ndef twice(x):\n    return nn.ReLU()(x)\n",
    ],
)
def test_what_is_not_to_be_used_is_refused_by_name(bench: Bench, use: str) -> None:
    """A library's finished answer is no answer, however it is imported or called."""
    report = bench.grade(use, forbids=FORBIDDEN)
    assert statuses(report)[0] == "failed"
    assert "may not be used here" in first(report).message
    assert "exercises/demo/twice.py" in first(report).where


def test_a_class_that_is_not_to_be_used_cannot_be_inherited(bench: Bench) -> None:
    """Nor can a name be used while the file is loaded."""
    use = "import torch\n\n\nclass Mine(torch.nn.ReLU):\n    pass\n"
    assert "may not be used here" in bench.grade(use, forbids=FORBIDDEN).load_error


def test_others_may_use_what_the_learner_may_not(bench: Bench) -> None:
    """The library itself, the checks and other exercises go on as before."""
    (bench.root / "solutions" / "demo" / "other.py").write_text(
        "import torch\n\n\ndef other(x):\n    return torch.mul(x, 2)\n"
    )
    own = REFERENCE.replace(
        "return x * 2",
        "import torch\n    from exercises.demo.other import other\n"
        "    torch.nn.ReLU6()\n    return other(x) if isinstance(x, torch.Tensor) else x + x",
    )
    assert statuses(bench.grade(own, forbids=FORBIDDEN)) == ["passed"] * 3


def test_planted_files_beside_the_exercise_are_not_read(bench: Bench) -> None:
    """A conftest.py, pytest.ini or torch.py of the learner's has no say."""
    bad = "raise RuntimeError('planted')\n"
    for folder in (bench.root, bench.root / "exercises" / "demo", bench.check_file.parent):
        for name in ("conftest.py", "torch.py", "msgpack.py", "sitecustomize.py"):
            (folder / name).write_text(bad)
        (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    assert statuses(bench.grade(GOOD)) == ["passed"] * 3


@pytest.mark.slow
def test_python_settings_of_the_users_shell_do_not_reach_the_engine(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PYTHONPATH with a torch.py and a start-up file has no say, forked or cold."""
    (bench.root / "torch.py").write_text("raise RuntimeError('planted')\n")
    monkeypatch.setenv("PYTHONPATH", str(bench.root))
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    monkeypatch.chdir(bench.root)
    for cold in (False, True):
        with Engine(cold) as engine:
            assert statuses(Bench(engine, bench.root).grade(GOOD)) == ["passed"] * 3


def test_a_fault_in_a_check_is_ours(bench: Bench) -> None:
    """A check that breaks before it has asked anything costs the learner nothing."""
    bench.checks("def test_x(twice):\n    'It.'\n    raise TypeError('ours')\n")
    report = bench.grade(GOOD)
    assert "ours" in report.fault and report.findings == ()


def test_checks_that_cannot_be_read_are_ours(bench: Bench) -> None:
    """A syntax error in a check file is reported as the course's."""
    bench.checks("def test_x(twice:\n")
    assert "cannot be read" in bench.grade(GOOD).fault


def strays() -> list[psutil.Process]:
    """Processes of the warm grader beyond its preforks, and sleepers that a test left."""
    (host,) = discovery.list_hosts()
    for _ in range(100):
        found = [child for child in family(host["pid"]) if running(child)]
        sleepers = [
            p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "60"]
        ]
        if len(found) <= PREFORKS * PROCESSES and not sleepers:
            return []
        time.sleep(0.05)
    return found + sleepers


def family(pid: int) -> list[psutil.Process]:
    """All below a process; one that ends while they are listed is not among them."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def running(process: psutil.Process) -> bool:
    """Whether the process is there and more than a zombie."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


OWN = "from exercises.demo.helpers import double\n\n\n" + REFERENCE.replace(
    "return x * 2", "return double(x)"
)


def test_a_helper_file_of_ones_own_is_imported(bench: Bench) -> None:
    """A file below exercises/ that is no exercise serves by its whole name or a relative one."""
    helpers = bench.root / "exercises" / "demo" / "helpers.py"
    helpers.write_text("def double(x):\n    return x + x\n")
    assert statuses(bench.grade(OWN)) == ["passed"] * 3
    relative = OWN.replace("exercises.demo.helpers", ".helpers")
    assert statuses(bench.grade(relative)) == ["passed"] * 3
    helpers.write_text("def double(x):\n    return x + x + x\n")
    assert statuses(bench.grade(OWN)) == ["failed", "failed", "passed"]
    helpers.write_text("def double(x:\n")
    assert "helpers.py" in bench.grade(OWN).load_error


def test_a_helper_file_is_held_to_the_same_contract(bench: Bench) -> None:
    """What the exercise may not use, no file that it imports may use for it."""
    helpers = bench.root / "exercises" / "demo" / "helpers.py"
    helpers.write_text("import torch\n\n\ndef double(x):\n    torch.nn.ReLU()\n    return x + x\n")
    report = bench.grade(OWN, forbids=FORBIDDEN)
    assert statuses(report)[:2] == ["failed", "failed"]
    assert "torch.nn.ReLU may not be used here" in first(report).message
    helpers.write_text("import torch\n\n\ndef double(x):\n    return torch.ops.aten.add(x, x)\n")
    assert "torch.ops.aten.add may not be used in" in bench.grade(OWN, forbids=FORBIDDEN).load_error


def test_an_exercise_imports_only_what_it_builds_on(bench: Bench) -> None:
    """A later exercise, whose reference could solve this one, is refused with what may be used."""
    for name in ("early", "later"):
        (bench.root / "solutions" / "demo" / f"{name}.py").write_text(
            "def double(x):\n    return x + x\n"
        )
    uses = OWN.replace("demo.helpers", "demo.early")
    assert statuses(bench.grade(uses, reach=("demo/early",))) == ["passed"] * 3
    refused = bench.grade(uses.replace("early", "later"), reach=("demo/early",)).load_error
    assert "demo/later may not be imported here: demo/twice builds on demo/early" in refused
    assert "builds on none" in bench.grade(uses, reach=()).load_error
    within = uses.replace("from exercises", "# from exercises").replace(
        "return double", "from exercises.demo.later import double\n    return double"
    )
    assert "failed" in statuses(bench.grade(within, reach=("demo/early",)))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits address space")
def test_a_check_that_takes_too_much_memory_ends_and_not_the_machine(bench: Bench) -> None:
    """The judge has a limit of its own: beyond it the check is said to be broken."""
    bench.checks(
        'def test_much(twice):\n    """Much is made."""\n    bytearray(3 << 30)\n    twice(3)\n'
    )
    report = bench.grade(GOOD)
    assert report.broken_check == "test_much" and "MemoryError" in report.fault
