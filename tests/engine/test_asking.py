"""Questions and answers: live objects, gradients, errors, and arguments changed in place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from smallcourse import REFERENCE, Bench, first, statuses

from grader.engine.client import Engine

THINGS = '''
import numpy as np
import pytest
import torch

from grader.engine.expect import close, equal, finite, holds
from grader.engine.side import gradients, value


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


def test_arguments_changed_in_place_are_seen(fill, randn, in_place):
    """Tensors, lists, dicts and arrays are written back, whatever they are nested in."""
    x, items, named, array = randn(2, 3), [1, 2], {"a": [1]}, np.zeros(2)
    still = torch.zeros(1).expand(3)  # cannot be written to, and need not be
    fill(x, items, named, array, still)
    equal(x, torch.full((2, 3), 7.0))
    equal(items, [1, 2, 3])
    equal(named, {"a": [1, 9], "b": 2})
    equal(array, np.ones(2))


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


def test_checks_can_do_all_this_across_the_wire(bench: Bench) -> None:
    """The stand-ins of the judge behave like the objects that they stand for."""
    bench.checks(THINGS)
    report = bench.grade(SOURCE)
    assert [(f.name, f.message) for f in report.findings if f.status != "passed"] == []
    assert len(report.findings) == 7 and not report.fault


def test_the_same_checks_pass_in_one_process(bench: Bench) -> None:
    """Plain pytest runs the very same check file against the real module."""
    bench.checks(THINGS)
    (bench.root / "exercises" / "demo" / "twice.py").write_text(SOURCE)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "grader.engine.plain"),
            *("-p", "no:cacheprovider", "--rootdir", str(bench.root), str(bench.check_file)),
        ],
        capture_output=True,
        text=True,
        cwd=bench.root,
    )
    assert "7 passed" in done.stdout, done.stdout


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
        "import torch\nfrom grader.engine.expect import close\n\n\n"
        "def test_x(twice):\n    'Each entry is doubled.'\n"
        "    close(twice(torch.tensor([1.0, 2.0])), torch.tensor([2.0, 4.0]), say='see 2x')\n"
    )
    finding = first(bench.grade("def twice(x):\n    return x + 1\n"))
    assert finding.asked == "twice(float32 tensor 2 [1. 2.])"
    assert finding.want == "float32 tensor 2 [2. 4.]"
    assert finding.got == "float32 tensor 2 [2. *3.*]"
    assert finding.message.startswith("see 2x: 3.0000 came at [1] where 4.0000 is due; 1 of 2")
    assert finding.where.endswith("twice.py:1")
    other = first(bench.grade("def twice(x):\n    return (2 * x).double()\n"))
    assert "the dtype is float64, not float32" in other.message
    other = first(bench.grade("def twice(x):\n    return (2 * x)[None]\n"))
    assert "the shape is 1x2, not 2" in other.message


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


@pytest.mark.parametrize("cold_engine", [False, True])
def test_a_mistake_is_known_by_its_answers(bench: Bench, cold: Engine, cold_engine: bool) -> None:
    """The replay tells the mistake that gives the same wrong answers from one that does not."""
    bench = Bench(cold, bench.root) if cold_engine else bench
    other = {
        "thrice": REFERENCE.replace("x * 2", "x * 3"),
        "cube": REFERENCE.replace("x * 2", "x * x * x"),
    }
    wrong = REFERENCE.replace("return x * 2", "return x + x + x")
    with bench.engine.run(bench.plan(wrong)) as run:
        report = run.report()
        evidence = run.evidence(REFERENCE, other)
    assert statuses(report) == ["failed", "failed", "passed"]
    assert evidence["thrice"] == {
        "test_a_number_is_doubled": True,
        "test_a_tensor_is_doubled": True,
        "test_a_word_is_refused": True,
    }
    assert not any(evidence["cube"].values())


PACED = (
    "from grader.engine.expect import holds\n\n\n"
    "def test_pace(twice, pace):\n    'It keeps pace.'\n"
    "    ratio = pace('twice', 3)\n    holds(0.1 < ratio < 10, f'{ratio} times as long')\n"
)


def test_a_call_is_timed_against_the_references(bench: Bench) -> None:
    """An honest answer keeps pace; one that dawdles does not, and the next check goes on."""
    bench.checks(PACED + "\n\ndef test_on(twice):\n    assert twice(3) == 6\n")
    assert statuses(bench.grade(REFERENCE)) == ["passed", "passed"]
    slow = REFERENCE.replace("return x * 2", "sum(range(10**6)); return x * 2")
    report = bench.grade(slow)
    assert statuses(report) == ["failed", "passed"]
    assert "times as long" in report.findings[0].message


def test_a_call_that_never_ends_is_ended_while_it_is_timed(bench: Bench) -> None:
    """The deadline of a call holds here too, and the reference's worker goes with it."""
    bench.checks(PACED + "\n\ndef test_on(twice):\n    assert twice('x' and 4) == 8\n")
    endless = REFERENCE.replace("return x * 2", "while x == 3: pass\n    return x * 2")
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
