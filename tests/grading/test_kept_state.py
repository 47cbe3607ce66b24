"""The relation "the state is what it was before": when it holds, and when it must be silent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_course import Bench, first

from grader.grading.judge.relations.kept_state import Look, find_kept_state

KEPT = Look("`Cache(...).keys`", ("append",), changes=True, kept=True, blames=True)
AGAIN = Look("what `draw` returns", ("draw",), changes=True, kept=True, blames=True)


def test_a_state_that_should_have_changed_is_said() -> None:
    """A cache is what it was before something was appended; before two calls; drawn again."""
    said = (
        "After the call of `append`, `Cache(...).keys` is what it was before; it should have "
        "changed."
    )
    assert find_kept_state([KEPT]) == said
    several = find_kept_state([replace(KEPT, calls=("backward", "clip", "step"))])
    assert several is not None and "After the call of `backward`, `clip` and `step`, " in several
    assert find_kept_state([AGAIN]) == (
        "`draw`, called again with the same arguments, returns the same value; another one is "
        "expected."
    )


@pytest.mark.parametrize(
    "looks",
    [
        [],
        [replace(KEPT, changes=False)],
        [replace(KEPT, kept=False)],
        [replace(KEPT, blames=False)],
        [replace(KEPT, calls=())],
        [replace(KEPT, calls=("a", "b", "c", "d"))],
        [KEPT, replace(KEPT, kept=False, blames=False)],
        [replace(AGAIN, rich=False)],
    ],
)
def test_nothing_is_said_of_any_other_state(looks: list[Look]) -> None:
    """Nothing should have changed, or did; no failure; no call, too many; a change elsewhere."""
    assert find_kept_state(looks) is None


def test_a_change_of_another_state_is_no_contradiction() -> None:
    """What the same call has changed elsewhere, and what another call has changed here."""
    others = [replace(KEPT, seen="x", kept=False), replace(KEPT, calls=("clear",), kept=False)]
    assert find_kept_state([*others, KEPT]) is not None


CHECKS = '''
"""What is asked of a cache, of a step, of a file and of a draw."""

import torch

from grader.checks import close, equal, value


def test_a_key_is_kept(Cache):
    """What is appended is there."""
    cache = Cache()
    equal(len(cache), 0)
    cache.append([1, 2])
    equal(len(cache), 1)


def test_a_step_changes_the_parameter(Descent, live):
    """A step is taken down the slope."""
    weight = live(torch.tensor([1.0, 2.0, 3.0]))
    Descent(weight).step(0.5)
    close(value(weight), torch.tensor([0.5, 1.0, 1.5]))


def test_the_tensor_is_shared(Filled, live):
    """What is held is the tensor that was passed, and no copy."""
    weight = live(torch.tensor([1.0, 2.0, 3.0]))
    Filled(weight).level = 0.0
    close(value(weight), torch.zeros(3))


def test_parameters_are_filled(make, fill):
    """The parameters that a model has are filled."""
    model = make()
    held = dict(model.named_parameters())
    before = {name: value(part) for name, part in held.items()}
    fill(model, 2.0)
    for name, part in held.items():
        close(value(part), torch.full_like(before[name], 2.0))


def test_a_scale_is_used(Scaled):
    """A number is scaled."""
    scaled = Scaled()
    equal(scaled(3), 3)
    scaled.set(2)
    equal(scaled(3), 6)


def test_an_argument_is_scaled(scale, in_place):
    """The tensor is scaled in place."""
    x = torch.tensor([1.0, 2.0, 3.0])
    scale(x, 2)
    close(x, torch.tensor([2.0, 4.0, 6.0]))


def test_a_file_is_replaced(save, beside, tmp_path):
    """The file has what was saved."""
    path = str(tmp_path / "x")
    beside("pathlib.Path")(path).write_bytes(b"old")
    save(path, b"new")
    equal(beside("pathlib.Path")(path).read_bytes(), b"new")


def test_a_draw_goes_on(Draw):
    """Each draw is another one."""
    draw = Draw()
    equal(draw.take(4), [1, 2, 3, 4])
    equal(draw.take(4), [5, 6, 7, 8])
'''

REFERENCE = '''
from pathlib import Path

import torch


class Cache:
    """Keys in their order."""

    def __init__(self):
        self.keys = []

    def append(self, key):
        """Store a key."""
        self.keys.append(key)

    def __len__(self):
        return len(self.keys)


class Descent:
    """Steps down the slope of a square."""

    def __init__(self, weight):
        self.weight = weight

    def step(self, rate):
        """Take a step."""
        self.weight -= rate * self.weight


def make():
    """Make a model."""
    return torch.nn.Linear(2, 1)


@torch.no_grad()
def fill(model, number):
    """Fill the parameters."""
    for name, part in list(model.named_parameters()):
        part.fill_(number)


class Scaled:
    """A scale."""

    def __init__(self):
        self.set(1)

    def set(self, scale):
        """Set the scale."""
        self.scale = scale

    def __call__(self, x):
        return x * vars(self).get("scale", 1)


def scale(x, factor):
    """Scale in place."""
    x *= factor


def save(path, content):
    """Write a file."""
    Path(path).write_bytes(content)


class Filled:
    """A tensor that is filled with its level."""

    def __init__(self, tensor):
        self.__dict__["held"] = tensor

    def __setattr__(self, name, level):
        self.held.fill_(level)


class Draw:
    """Numbers, one after the other."""

    def __init__(self):
        self.last = 0

    def take(self, count):
        """Return the next numbers."""
        first, self.last = self.last + 1, self.last + count
        return list(range(first, self.last + 1))
'''


@pytest.fixture
def states(bench: Bench) -> Bench:
    """The bench with the checks of what has a state."""
    bench.checks(CHECKS)
    return bench


def relate(bench: Bench, old: str, new: str) -> tuple[str, ...]:
    """The relations of the reference with one piece replaced, without asking again."""
    assert REFERENCE.count(old) == 1
    with bench.engine.run(bench.plan(REFERENCE.replace(old, new))) as run:
        assert first(run.collect_report()).status == "failed"
        return run.collect_relations(REFERENCE, 0.0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "self.keys.append(key)",
            "pass",
            "After the call of `append`, the length of `Cache(...)` is what it was before; it "
            "should have changed.",
        ),
        (
            "self.weight -= rate * self.weight",
            "self.weight = self.weight - rate * self.weight",
            "After the call of `Descent` and `step`, what was passed is what it was before; it "
            "should have changed.",
        ),
        (
            "part.fill_(number)",
            "setattr(model, name, torch.nn.Parameter(torch.full_like(part, number)))",
            "After the call of `fill`, the tensor that was `weight` is what it was before; it "
            "should have changed.",
        ),
        (
            "self.scale = scale",
            "pass",
            "After the call of `set`, what `Scaled` returns is what it was before; it should have "
            "changed.",
        ),
        (
            "x *= factor",
            "x = x * factor",
            "After the call of `scale`, the argument `x` is what it was before; it should have "
            "changed.",
        ),
        (
            "Path(path).write_bytes(content)",
            "pass",
            "After the call of `save`, the file is what it was before; it should have changed.",
        ),
        (
            "first, self.last = self.last + 1, self.last + count\n"
            "        return list(range(first, self.last + 1))",
            "return list(range(self.last + 1, self.last + count + 1))",
            "`take`, called again with the same arguments, returns the same value; another one is "
            "expected.",
        ),
    ],
)
def test_what_a_call_leaves_as_it_was_is_found(
    states: Bench, old: str, new: str, said: str
) -> None:
    """A length, tensors, what a layer and a method return, an argument, and a file."""
    assert said in relate(states, old, new)


def test_what_the_check_itself_should_have_changed_is_not_said(states: Bench) -> None:
    """It sets the level, which a copy does not show: no call of the learner's is at fault."""
    copied = relate(states, '["held"] = tensor', '["held"] = tensor.clone()')
    assert [said for said in copied if "before" in said] == []


def test_a_state_that_changes_otherwise_is_not_said(states: Bench) -> None:
    """Two keys for one, a step that is too long, and a file with another content."""
    for old, new in [
        ("self.keys.append(key)", "self.keys += [key, key]"),
        ("self.weight -= rate * self.weight", "self.weight -= rate * 0.99 * self.weight"),
        ("Path(path).write_bytes(content)", "Path(path).write_bytes(b'other')"),
    ]:
        assert not [said for said in relate(states, old, new) if "before" in said]
