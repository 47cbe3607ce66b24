"""Relations that are found by asking again: the reference another question, the code once more."""

from __future__ import annotations

import textwrap

import pytest
from small_course import Bench, first

CHECKS = '''
"""What is asked of norm and of Layer."""

import torch

from grader.checks import close, equal, value


def test_a_norm_is_right(norm, randn):
    """Each row is divided by the root of its mean square."""
    x, mask = randn(3, 5), torch.ones(3, 5, dtype=torch.bool).tril()
    close(norm(x, 0.3), _norm(x, 0.3))
    close(norm(x, 0.3, mask), _norm(x, 0.3) * mask)


def test_a_norm_is_right_for_other_numbers(norm, randn):
    """So it is for other numbers."""
    for eps in (0.1, 0.7):
        x = randn(2, 7)
        close(norm(x, eps, mask=x > 0), _norm(x, eps) * (x > 0))


def test_a_layer_is_right(Layer, randn):
    """A layer is down(up(x))."""
    layer, x = Layer(5), randn(2, 5)
    weights = {"up.weight": randn(5, 5), "down.weight": randn(5, 5)}
    layer.load_state_dict(weights)
    close(layer(x), x @ weights["up.weight"].T @ weights["down.weight"].T, atol=1e-4)


def _norm(x, eps):
    return x / (x.square().mean(-1, keepdim=True) + eps).sqrt()
'''

REFERENCE = '''
import torch
from torch import nn


def norm(x, eps=1e-5, mask=None):
    """Return the rows, each divided by the root of its mean square."""
    y = x / (x.square().mean(-1, keepdim=True) + eps).sqrt()
    return y if mask is None else y * mask


class Layer(nn.Module):
    """Two linear layers."""

    def __init__(self, width):
        super().__init__()
        self.up = nn.Linear(width, width, bias=False)
        self.down = nn.Linear(width, width, bias=False)

    def forward(self, x):
        """Return down(up(x))."""
        return self.down(self.up(x))
'''


TAKE = """
from grader.checks import equal


def test_few_are_taken(take):
    'The first entries.'
    for count in (4, 5):
        equal(take("abcdefgh", count), list("abcdefgh"[:count]))
"""
TAKEN = """
def take(text, count):
    return list(text[:count])
"""
SPELL = """
from grader.checks import equal


def test_words(spell):
    'Letters are joined.'
    for word in ("hello", "noon", "deed"):
        equal(spell(list(word)), word)


def test_spaces(spell):
    'Spaces are kept.'
    equal(spell(list("  abcd")), "  abcd")
"""
SPELLED = """
def spell(letters):
    if len(letters) == len(set(letters)):
        raise ValueError("each letter is there once")
    text = "".join(letters)
    return text
"""


@pytest.fixture
def norms(bench: Bench) -> Bench:
    """The bench with the checks of norm and of Layer."""
    bench.checks(CHECKS)
    return bench


def relate(bench: Bench, *edits: tuple[str, str], seconds: float = 10.0) -> tuple[str, ...]:
    """The relations of the reference with some pieces replaced."""
    text = REFERENCE
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, textwrap.dedent(new))
    with bench.engine.run(bench.plan(text)) as run:
        assert first(run.collect_report()).status == "failed"
        return run.collect_relations(REFERENCE, seconds)


def test_another_value_of_an_argument_is_found(norms: Bench) -> None:
    """The answers are those for eps squared, in all that is asked."""
    found = relate(norms, ("+ eps)", "+ eps * eps)"))
    assert found == ("Your answers are what is expected if `eps` were squared.",)


def test_an_argument_that_is_left_out_is_found(norms: Bench) -> None:
    """A mask that is not used is as good as no mask; that it is ignored is said too."""
    found = relate(norms, ("y if mask is None else y * mask", "y"))
    assert found[0].startswith("Your answers are what is expected if `mask` were left out")


def test_two_weights_in_each_others_place_are_found(norms: Bench) -> None:
    """The layers are used in the wrong order."""
    found = relate(norms, ("self.down(self.up(x))", "self.up(self.down(x))"))
    said = "Your answers are what is expected if `up.weight` and `down.weight` were exchanged."
    assert found == (said,)


def test_a_change_that_one_check_contradicts_is_not_said(norms: Bench) -> None:
    """In rows of seven eps is right, so the answers are not those for eps squared."""
    squared = "+ (eps if x.shape[-1] == 7 else eps * eps))"
    assert not [s for s in relate(norms, ("+ eps)", squared)) if "squared" in s]


def test_two_values_of_one_number_are_neither(bench: Bench) -> None:
    """A list that is complete is so with twice the count, and with its square."""
    bench.checks(TAKE)
    with bench.engine.run(bench.plan(TAKEN.replace("[:count]", "[: count + 9]"))) as run:
        assert first(run.collect_report()).status == "failed"
        assert run.collect_relations(TAKEN, 10.0) == ()


def test_a_change_that_makes_most_questions_bad_ones_is_not_said(bench: Bench) -> None:
    """With each letter once, one wrong answer would be right, and every right one is refused."""
    bench.checks(SPELL)
    with bench.engine.run(bench.plan(SPELLED.replace("return text", "return text.strip()"))) as run:
        assert first(run.collect_report()).status == "failed"
        assert not [said for said in run.collect_relations(SPELLED, 10.0) if "once" in said]


def test_nothing_is_said_of_a_structure_that_is_wrong(norms: Bench) -> None:
    """A mean of magnitudes is no other question, nor any other relation."""
    assert relate(norms, ("x.square()", "x.abs()")) == ()


def test_nothing_is_asked_after_the_time(norms: Bench) -> None:
    """Without seconds left the answers alone may show something."""
    assert relate(norms, ("+ eps)", "+ eps * eps)"), seconds=0.0) == ()


def test_answers_that_follow_the_global_seed_are_found(norms: Bench) -> None:
    """Dropout draws from the global generator; what is expected does not."""
    dropout = "nn.functional.dropout(self.down(self.up(x)), 0.2)"
    (found,) = relate(norms, ("self.down(self.up(x))", dropout))
    assert found.startswith("With another seed of the global random generators")


def test_answers_that_differ_each_time_are_found(norms: Bench) -> None:
    """A generator with a seed of its own choice answers otherwise when it is asked again."""
    # A large number of values: by chance twice the same must not happen.
    drawn = "+ eps + torch.Generator().seed() % 99_991)"
    found = relate(norms, ("+ eps)", drawn))
    assert found == ("Asked again with the same seed, your code answers otherwise.",)


def test_answers_that_depend_on_earlier_calls_are_found(norms: Bench) -> None:
    """What is kept by width is right for the first question of a check alone."""
    scale = "(x.square().mean(-1, keepdim=True) + eps).sqrt()"
    found = relate(
        norms,
        ("def norm(x,", "KEPT = {}\n\n\ndef norm(x,"),
        (scale, f"KEPT.setdefault(x.shape[-1], {scale})"),
    )
    assert found == (
        "Asked alone, in a new process, your code answers this question right: its answer depends "
        "on the calls before.",
    )


ADDED = """
from grader.checks import close


def test_both_are_added(add, randn):
    'The sum of both.'
    x, y = randn(5), SIZE * randn(5)
    close(add(x, y), x + y, atol=0, rtol=1e-6)
"""
ADD = """
def add(x, y):
    return x + y
"""


@pytest.mark.parametrize(("size", "said"), [("1.0", True), ("0.0001", False)])
def test_an_argument_that_is_ignored_is_said(bench: Bench, size: str, said: bool) -> None:
    """Changed, it changes the expected answer alone; by a little, which shows nothing, or more."""
    bench.checks(ADDED.replace("SIZE", size))
    with bench.engine.run(bench.plan(ADD.replace("x + y", "2 * x"))) as run:
        assert first(run.collect_report()).status == "failed"
        found = [one for one in run.collect_relations(ADD, 10.0) if "another `y`" in one]
    assert bool(found) is said


def test_a_gradient_that_is_missing_ignores_no_argument(bench: Bench) -> None:
    """Without the gradient of x nothing depends on y; that is no other answer to the question."""
    bench.checks(
        "from grader.checks import close, gradients\n\n\n"
        "def test_both_get_a_gradient(add, randn):\n    'A product.'\n"
        "    x, y, g = randn(3, 5).unbind()\n"
        "    got = gradients(add, x, y, upstream=g)\n    close(got[0], y * g)\n"
    )
    product = ADD.replace("x + y", "x * y")
    with bench.engine.run(bench.plan(product.replace("x *", "x.detach() *"))) as run:
        assert first(run.collect_report()).status == "failed"
        assert run.collect_relations(product, 10.0) == ()
