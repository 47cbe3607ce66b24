"""Questions and answers: live objects, gradients, errors, and arguments changed in place."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_course import REFERENCE, Bench, body, first, statuses

from grader.grading.client import Engine

THINGS = '''
import numpy as np
import pytest
import torch

from grader.checks import close, equal, finite, holds
from grader.checks import gradients, value


def test_a_module_is_called_read_and_set(Scale, randn):
    """A module lives there; its parameters can be read and set."""
    scale, x = Scale(3), randn(2, 3)
    equal(tuple(scale.weight.shape), (3,))
    scale.weight.data = torch.tensor([1.0, 2.0, 3.0])
    close(scale(x), x * torch.tensor([1.0, 2.0, 3.0]))
    close(value(scale.weight), torch.tensor([1.0, 2.0, 3.0]))
    equal(scale.note, "kept")
    equal(list(scale.state_dict()), ["weight"])
    holds(scale.weight is scale.weight, "the same object is the same stand-in")


def test_gradients_flow_through_a_module(Scale, randn):
    """The gradient of the input comes back, those of parameters stay on them."""
    scale, x, upstream = Scale(3), randn(2, 3), randn(2, 3)
    (got,) = gradients(scale, x, upstream=upstream)
    close(got, upstream * value(scale.weight))
    close(scale.weight.grad, (upstream * x).sum(0))


def test_a_live_tensor_is_changed_by_an_optimizer(beside, live, randn):
    """A tensor beside the learner's code can be stepped on."""
    start = randn(3)
    w = live(start.clone().requires_grad_())
    twin = start.clone()
    sgd = beside("torch.optim.SGD")([w], lr=0.5)
    w.grad = torch.ones(3)
    sgd.step()
    close(value(w), twin - 0.5)


def test_a_check_may_write_to_a_live_tensor(live):
    """What the check itself changes is no argument changed in place."""
    w = live(torch.zeros(2, 2))
    w[1] = 3.0
    equal(value(w), torch.tensor([[0.0, 0.0], [3.0, 3.0]]))


def test_arguments_changed_in_place_are_seen(fill, randn, in_place):
    """Tensors, lists, dicts and arrays are written back, whatever they are nested in."""
    x, items, named, array = randn(2, 3), [1, 2], {"a": [1]}, np.zeros(2)
    still = torch.zeros(1).expand(3)  # cannot be written to, and need not be
    fill(x, items, named, array, still)
    equal(x, torch.full((2, 3), 7.0))
    equal(items, [1, 2, 3])
    equal(named, {"a": [1, 9], "b": 2})
    equal(array, np.ones(2))


def test_views_arrive_as_views(lay_out, randn, in_place):
    """A transposed, strided or expanded tensor is one there too, and is written to."""
    x = randn(2, 3, 5)
    for view in (x.transpose(0, 2), x[:, 1::2], x[:1].expand(7, 3, 5)):
        equal(lay_out(view), (*view.stride(), view.storage_offset()))
    expanded = torch.zeros(2, 1).expand(2, 3)
    lay_out(expanded.T)
    equal(expanded, torch.tensor([[7.0] * 3, [0.0] * 3]))


def test_a_frozen_parameter_is_its_numbers(wrap, randn):
    """A parameter that no optimizer trains is a tensor, alone and in a tuple."""
    x = randn(2, 3)
    close(wrap(x)[0], x)
    close(wrap(x)[1], 2 * x)
    equal(wrap(x, True).requires_grad, True)


def test_an_error_has_its_builtin_type(fail):
    """ValueError there is ValueError here, KeyError is KeyError, and so are memory errors."""
    with pytest.raises(ValueError, match="no"):
        fail(ValueError.__name__)
    with pytest.raises(KeyError):
        fail("KeyError")
    with pytest.raises(UnicodeDecodeError):
        fail("UnicodeDecodeError")


def test_an_iterator_is_walked(count):
    """A generator stays there and is walked from here."""
    equal(list(count(3)), [0, 1, 2])
    equal(value(count(2)), [0, 1])


def test_strange_values_come_back_as_they_are(echo):
    """Dtypes, slices, sets, big numbers and odd texts cross both ways."""
    for thing in [torch.bfloat16, slice(1, 2), {1, 2}, 2**80, "\\udcff", (1, [2]), 1 + 2j, None]:
        equal(echo(thing), thing)
'''

SOURCE = '''
import numpy as np
import torch


class Scale(torch.nn.Module):
    """Scale."""

    def __init__(self, width):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(width) * 2)
        self.note = "kept"

    def forward(self, x):
        return x * self.weight


def fill(x, items, named, array, still):
    x.fill_(7)
    items.append(3)
    named["a"].append(9)
    named["b"] = 2
    array[:] = 1


def lay_out(x):
    x[(0,) * x.dim()] = 7
    return (*x.stride(), x.storage_offset())


def wrap(x, trained=False):
    if trained:
        return torch.nn.Parameter(x)
    return tuple(torch.nn.Parameter(n * x, requires_grad=False) for n in (1, 2))


def fail(name):
    if name == "ValueError":
        raise ValueError("no")
    if name == "KeyError":
        raise KeyError("lost")
    b"\\xff".decode("utf-8")


def count(n):
    yield from range(n)


def echo(thing):
    return thing
'''


@pytest.mark.slow
def test_checks_can_do_all_this_across_the_wire(bench: Bench) -> None:
    """The stand-ins of the judge behave like the objects that they stand for."""
    bench.checks(THINGS)
    report = bench.grade(SOURCE)
    assert [(f.name, f.message) for f in report.findings if f.status != "passed"] == []
    assert len(report.findings) == 10 and not report.fault


@pytest.mark.slow
def test_the_same_checks_pass_in_one_process(bench: Bench) -> None:
    """Plain pytest runs the very same check file against the real module."""
    bench.checks(THINGS)
    (bench.root / "exercises" / "demo" / "twice.py").write_text(SOURCE)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "grader.grading.local"),
            *("-p", "no:cacheprovider", "--rootdir", str(bench.root), str(bench.check_file)),
        ],
        capture_output=True,
        text=True,
        cwd=bench.root,
    )
    assert "10 passed" in done.stdout, done.stdout


def test_the_judge_never_imports_the_learners_file(bench: Bench, tmp_path: Path) -> None:
    """The process that runs the checks has no module of the exercise, and its pid is another."""
    seen = tmp_path / "seen"
    bench.checks(
        "import os, sys\nfrom pathlib import Path\n\n\n"
        "def test_x(twice):\n    'It.'\n    theirs = twice('pid')\n"
        "    names = [n for n in sys.modules if n.startswith(('exercises', 'solutions'))]\n"
        f"    Path({str(seen)!r}).write_text(f'{{names}} {{theirs != os.getpid()}}')\n"
    )
    source = "import os\n\n\ndef twice(x):\n    return os.getpid()\n"
    assert statuses(bench.grade(source)) == ["passed"]
    assert seen.read_text() == "[] True"


def test_what_a_check_expects_is_not_in_the_workers_memory(bench: Bench) -> None:
    """A worker is forked from a process that has read no check."""
    bench.checks(
        "WANT = 'the-secret' + '-answer'\n\n\ndef test_x(twice):\n    assert twice(1) == 0\n"
    )
    source = (
        "import gc, sys\n\n\ndef twice(x):\n"
        "    held = [t for t in gc.get_objects() if type(t) is dict and 'WANT' in t]\n"
        "    return len(held) + any('check_twice' in name for name in sys.modules)\n"
    )
    assert statuses(bench.grade(source)) == ["passed"]


def test_other_exercises_are_served_from_the_references(bench: Bench) -> None:
    """A broken neighbour of the learner's own fails nothing but itself."""
    (bench.root / "exercises" / "demo" / "thrice.py").write_text("raise RuntimeError\n")
    (bench.root / "solutions" / "demo" / "thrice.py").write_text(
        "def thrice(x):\n    return 3 * x\n"
    )
    source = REFERENCE.replace(
        "return x * 2", "from exercises.demo.thrice import thrice\n    return thrice(x) - x"
    )
    assert statuses(bench.grade(source)) == ["passed"] * 3


def test_the_same_seed_asks_the_same(bench: Bench) -> None:
    """A run can be replayed from its seed, and another seed asks otherwise."""
    wrong = REFERENCE.replace("x * 2", "x * 2 + 1 if type(x) is int else x * 3")
    reports = [bench.grade(wrong, seed=seed) for seed in (4, 4, 5)]
    asked = [[f.asked for f in report.findings] for report in reports]
    assert asked[0] == asked[1] != asked[2]


def test_a_failed_check_says_what_was_asked_wanted_and_got(bench: Bench) -> None:
    """Type, shape and dtype come first, then the values, with the wrong ones marked."""
    bench.checks(
        "import torch\nfrom grader.checks import close\n\n\n"
        "def test_x(twice):\n    'Each entry is doubled.'\n"
        "    close(twice(torch.tensor([1.0, 2.0])), torch.tensor([2.0, 4.0]), say='see 2x')\n"
    )
    finding = first(bench.grade("def twice(x):\n    return x + 1\n"))
    assert finding.asked == "twice(float32 tensor 2 [1. 2.])"
    assert finding.want == "float32 tensor 2 [2. 4.]"
    assert finding.got == "float32 tensor 2 [2. *3.*]"
    assert finding.message.startswith("see 2x: got 3.0000 at [1], expected 4.0000; 1 of 2")
    assert finding.where.endswith("twice.py:1")
    other = first(bench.grade("def twice(x):\n    return (2 * x).double()\n"))
    assert "got dtype float64, expected float32" in other.message
    other = first(bench.grade("def twice(x):\n    return (2 * x)[None]\n"))
    assert "got shape (1, 2), expected (2,)" in other.message


@pytest.mark.slow
def test_a_cold_run_gives_the_same_verdicts(bench: Bench, cold: Engine) -> None:
    """Without fork: a pass, a failure, an endless loop and a crash are told alike."""
    apart = Bench(cold, bench.root)
    mixed = (
        "import os, time\n\n\ndef twice(x):\n    if type(x) is int:\n        os._exit(3)\n"
        "    if isinstance(x, str):\n        time.sleep(60)\n    return x * 2\n"
    )
    report = apart.grade(mixed, call_seconds=3.0, seconds=60.0)
    assert statuses(report) == ["crashed", "passed", "timeout"]
    assert "exit code 3" in report.findings[0].message
    assert statuses(apart.grade(REFERENCE)) == ["passed"] * 3


@pytest.mark.slow
def test_a_large_replay_is_answered_however_soon_it_is_asked_for(bench: Bench) -> None:
    """Mistakes of megabytes, sent while the judge lets its worker go, block nobody."""
    wrong = REFERENCE.replace("return x * 2", "return x + x + x")
    padding = "#" * 2_000_000
    mistakes = {"thrice": [REFERENCE.replace("x * 2", "x * 3") + padding]}

    def explain(number: int) -> tuple[bool, float]:
        with bench.engine.run(bench.plan(wrong, seed=number)) as run:
            run.collect_report()
            began = time.monotonic()
            evidence = run.collect_evidence(REFERENCE, mistakes, seconds=10.0)
            known = "thrice" in evidence and all(evidence["thrice"].values())
            return known, time.monotonic() - began

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(explain, range(60)))
    assert all(known for known, _ in found)
    assert max(seconds for _, seconds in found) < 10


@pytest.mark.slow
@pytest.mark.parametrize("cold_engine", [False, True])
def test_a_mistake_is_known_by_its_answers(bench: Bench, cold: Engine, cold_engine: bool) -> None:
    """The replay tells the mistake that gives the same wrong answers from one that does not."""
    bench = Bench(cold, bench.root) if cold_engine else bench
    other = {
        "thrice": [REFERENCE.replace("x * 2", "x * 3")],
        "cube": [REFERENCE.replace("x * 2", "x * x * x")],
        "either": [REFERENCE.replace("x * 2", f"x * {times}") for times in (5, 3, 4)],
    }
    wrong = REFERENCE.replace("return x * 2", "return x + x + x")
    with bench.engine.run(bench.plan(wrong)) as run:
        report = run.collect_report()
        evidence = run.collect_evidence(REFERENCE, other)
    assert statuses(report) == ["failed", "failed", "passed"]
    assert evidence["either"] == evidence["thrice"]  # any spelling speaks for its mistake
    assert evidence["thrice"] == {
        "test_a_number_is_doubled": True,
        "test_a_tensor_is_doubled": True,
        "test_a_word_is_refused": True,
    }
    assert not any(evidence["cube"].values())


def test_a_mistake_that_answers_otherwise_is_asked_nothing_more(bench: Bench) -> None:
    """Its second answer would never come; the first shows already that it is another mistake."""
    bench.checks("def test_two(twice):\n    'Twice.'\n    assert [twice(3), twice(4)] == [6, 8]\n")
    thrice = REFERENCE.replace("x * 2", "x * 3")
    stuck = REFERENCE.replace("return x * 2", "while x == 4: pass\n    return x * 4")
    with bench.engine.run(bench.plan(thrice)) as run:
        run.collect_report()
        evidence = run.collect_evidence(REFERENCE, {"stuck": [stuck], "thrice": [thrice]})
    assert evidence == {"stuck": {"test_two": False}, "thrice": {"test_two": True}}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits what is allocated")
def test_a_mistake_that_takes_as_much_memory_is_known(bench: Bench) -> None:
    """The error of an allocation is an answer: it says how much was asked for."""
    bench.checks("def test_room(twice, room):\n    'Little.'\n    room(64)\n    twice(3)\n")
    taking = "import torch\n    torch.empty(1 << {})\n    return x * 2"
    large, larger = (REFERENCE.replace("return x * 2", taking.format(n)) for n in (28, 29))
    with bench.engine.run(bench.plan(large)) as run:
        assert statuses(run.collect_report()) == ["memory"]
        evidence = run.collect_evidence(REFERENCE, {"large": [large], "larger": [larger]})
    assert evidence == {"large": {"test_room": True}, "larger": {"test_room": False}}


PACED = (
    "from grader.checks import holds\n\n\n"
    "def test_pace(twice, reference, pace, randint):\n    'It keeps pace.'\n"
    "    ratio = pace(twice, reference('twice'), lambda: (int(randint(0, 1 << 40, 1)),))\n"
    "    holds(0.1 < ratio < 10, f'{ratio} times as long')\n"
)
SLOW = "sum(range(10**6))"
CHILD = """import os
child = os.fork()
if child == 0:
    {work}
    os._exit(0)
os.waitpid(child, 0)
"""
ORPHAN = """import os
reading, writing = os.pipe()
if os.fork() == 0:
    if os.fork() == 0:
        {work}
        os.write(writing, b"done")
        import time; time.sleep(60)
    os._exit(0)
os.wait(); os.read(reading, 4)
"""


def grade_busy(bench: Bench, where: str, times: int) -> list[str]:
    """What comes of so many times the reference's work, done where the text says."""
    bench.checks(PACED.replace("0.1 < ratio < 10", "ratio < 4"))
    reference = bench.root / "solutions" / "demo" / "twice.py"
    reference.write_text(body(SLOW), "utf-8")
    return statuses(bench.grade(body(where.format(work=f"sum(range({times} * 10**6))"))))


def test_a_call_is_timed_against_the_references(bench: Bench) -> None:
    """An honest answer keeps pace; one that dawdles does not, and the next check goes on."""
    bench.checks(PACED + "\n\ndef test_on(twice):\n    assert twice(3) == 6\n")
    assert statuses(bench.grade(REFERENCE)) == ["passed", "passed"]
    report = bench.grade(body(SLOW))
    assert statuses(report) == ["failed", "passed"]
    assert "times as long" in report.findings[0].message


def test_an_answer_that_was_kept_is_not_timed(bench: Bench) -> None:
    """Each round asks with fresh inputs, so what a cache holds of earlier rounds saves nothing."""
    bench.checks(PACED)
    kept = body(SLOW).replace("def twice", "import functools\n\n\n@functools.cache\ndef twice")
    assert statuses(bench.grade(kept)) == ["failed"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what children computed")
@pytest.mark.parametrize("work", [CHILD, ORPHAN], ids=["a child", "an orphan"])
def test_what_a_child_computes_is_timed(bench: Bench, work: str) -> None:
    """Time of a child that was waited for counts, and of one that another process has adopted."""
    assert grade_busy(bench, work, times=10) == ["failed"]
    assert grade_busy(bench, work, times=0) == ["passed"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what children computed")
@pytest.mark.slow
def test_what_a_child_computes_is_timed_without_fork_too(cold: Engine, bench: Bench) -> None:
    """The same where each process is a fresh one."""
    for work in (CHILD, ORPHAN):
        assert grade_busy(Bench(cold, bench.root), work, times=10) == ["failed"]


def test_a_call_that_never_ends_is_ended_while_it_is_timed(bench: Bench) -> None:
    """The deadline of a call holds here too, and the reference's worker goes with it."""
    bench.checks(PACED + "\n\ndef test_on(twice):\n    assert twice('x' and 4) == 8\n")
    endless = REFERENCE.replace("return x * 2", "while x != 4: pass\n    return x * 2")
    assert statuses(bench.grade(endless, call_seconds=0.5)) == ["timeout", "passed"]


def test_a_check_can_narrow_the_memory(bench: Bench) -> None:
    """What needs more than the room runs out of memory, in that check alone."""
    bench.checks(
        "def test_narrow(twice, room):\n    'It.'\n    room(64)\n    assert twice(3) == 6\n\n\n"
        "def test_wide(twice):\n    'It.'\n    assert twice(3) == 6\n"
    )
    hungry = REFERENCE.replace("return x * 2", "import torch; torch.ones(50 << 20); return x * 2")
    assert statuses(bench.grade(hungry)) == ["memory", "passed"]
    assert statuses(bench.grade(REFERENCE)) == ["passed", "passed"]


RAISED = """import resource, torch
for limit in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
    resource.setrlimit(limit, (resource.getrlimit(limit)[1],) * 2)
torch.ones(50 << 20)
"""
MAPPED = """import mmap, os, tempfile
with tempfile.TemporaryFile() as file:
    file.truncate(128 << 20)
    mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits address space")
@pytest.mark.parametrize("cold_engine", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_narrow_memory_cannot_be_widened(bench: Bench, cold: Engine, cold_engine: bool) -> None:
    """The learner's code cannot raise the limit; the next check has its memory again."""
    bench = Bench(cold, bench.root) if cold_engine else bench
    narrow = "def test_{}(twice, room):\n    'It.'\n    room(64)\n    assert twice(3) == 6\n\n\n"
    bench.checks(
        narrow.format("one")
        + narrow.format("two")
        + "def test_wide(twice):\n    'It.'\n    assert twice(3) == 6\n"
    )
    report = bench.grade(body("print('so far')\n" + RAISED))
    assert statuses(report) == ["memory", "memory", "passed"]
    assert "so far" in report.findings[0].message


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits private memory")
def test_private_memory_alone_can_be_narrowed(bench: Bench) -> None:
    """With private=True a mapped file takes no room; what is the process's own does."""
    bench.checks(
        "def test_private(twice, room):\n    'It.'\n    room(64, private=True)\n    twice(3)\n\n\n"
        "def test_all(twice, room):\n    'It.'\n    room(64)\n    twice(3)\n"
    )
    assert statuses(bench.grade(body(MAPPED))) == ["passed", "failed"]
    assert statuses(bench.grade(body(RAISED))) == ["memory", "memory"]


FREED = """import resource, torch
def measure():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize() >> 20
torch.ones(2 << 20)
parts = [torch.ones(1 << 20) for _ in range(11)]
before = measure()
del parts[:10]
return before - measure() >= 38
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits address space")
def test_narrow_memory_that_is_freed_is_there_again(bench: Bench) -> None:
    """A large block goes back to the system when it is freed, though one behind it is in use."""
    bench.checks(
        "def test_parts(twice, room):\n    'It.'\n    room(64)\n    assert twice(3) is True\n"
    )
    assert statuses(bench.grade(body(FREED))) == ["passed"]


def test_a_call_that_never_ends_in_narrow_memory_is_a_timeout(bench: Bench) -> None:
    """What computes for ever under a limit of memory is told so, and the next check goes on."""
    bench.checks(
        "def test_narrow(twice, room):\n    'It.'\n    room(64)\n    assert twice(3) == 6\n\n\n"
        "def test_wide(twice):\n    'It.'\n    assert twice(4) == 8\n"
    )
    endless = body("import torch\nwhile x == 3: torch.ones(1 << 20)")
    report = bench.grade(endless, call_seconds=0.5)
    assert statuses(report) == ["timeout", "passed"]
    assert "no answer within" in first(report).message and "memory" not in first(report).message


def test_what_checks_share_is_loaded_from_beside_them(bench: Bench) -> None:
    """A check file loads the shared.py beside it, and never one that a learner has written."""
    planted = "raise SystemExit('a file of the learner ran in the judge')\n"
    for folder in ("exercises", "exercises/demo", "."):
        (bench.root / folder / "shared.py").write_text(planted, "utf-8")
    bench.check_file.with_name("shared.py").write_text(
        "from grader.checks import equal\n\n\ndef claim_double(f, x):\n    equal(f(x), 2 * x)\n",
        "utf-8",
    )
    bench.checks(
        "from grader.checks import load_shared\n\nshared = load_shared(__file__)\n\n\n"
        'def test_a_number_is_doubled(twice):\n    """Twice 3 is 6."""\n'
        "    shared.claim_double(twice, 3)\n"
    )
    assert statuses(bench.grade(REFERENCE)) == ["passed"]
    wrong = first(bench.grade(REFERENCE.replace("x * 2", "x * 3")))
    assert (wrong.want, wrong.got) == ("6", "9")
