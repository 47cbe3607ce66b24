"""The checks of Dropout."""

import math

import pytest
import torch

from grader.checks import close, distributed_as, equal, finite, holds, shaped, value

SINGLE, DOUBLE = torch.float32, torch.float64
FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for inputs in float64 too."""
SEED_OF_A_ZERO = 28_587
"""With this seed, one of the first 300 numbers of torch.rand is exactly 0.

One draw in 17 million is. Code that drops an element where the draw is at most p drops that one
also with p = 0. A right answer keeps it, however it draws.
"""
PAIR = ["both dropped", "the second only", "the first only", "both kept"]
"""The four outcomes for two elements: 2 if the first was kept, plus 1 if the second was."""


def test_each_element_becomes_zero_or_is_scaled_by_the_rule(Dropout, beside, randn):
    """With p = 3/4, inputs of 1 become 0 or 4, and any x becomes 0 or x / (1 - p)."""
    # Which elements are drawn differs from one right answer to another; which values occur does
    # not. So the values are listed beside the learner's code, and before anything is drawn here:
    # a wrong answer is compared with known mistakes by all that it has returned in a check.
    (values,) = _chain(beside, ["torch.unique"], Dropout(0.75, 3), [torch.ones(10, 100)])
    close(values, torch.tensor([0.0, 4.0]), say="the values among 1,000 results for ones, p = 3/4")
    for p in (0.1, 0.5, 0.9):
        for dtype in (SINGLE, DOUBLE):
            x = randn(7, 3, 11, dtype=dtype)
            got = Dropout(p, 5)(x)
            shaped(got, (7, 3, 11), dtype, say=f"p = {p}")
            want = torch.where(got == 0, 0.0, x / (1 - p))
            close(got, want, say=f"p = {p}: an element is 0 or x / (1 - p)", **FLOAT32)


def test_the_result_has_the_shape_and_dtype_of_the_input(Dropout, randn):
    """The result has the shape and dtype of x, in both modes, also for () and no elements."""
    for p in (0, 0.5):
        for mode in (True, False):
            dropout = Dropout(p, 0).train(mode)
            for shape in [(), (5,), (2, 3), (0, 3), (2, 1, 3, 2)]:
                for dtype in (SINGLE, DOUBLE):
                    got = dropout(randn(*shape, dtype=dtype))
                    shaped(got, shape, dtype, say=f"train({mode}), p = {p}")


def test_evaluation_mode_changes_no_element(Dropout, randn):
    """After eval(), y equals x for every p, and after train() elements are dropped again."""
    x = randn(3, 500)
    for p in (0, 0.25, 0.9, 1):
        dropout = Dropout(p, 1).eval()
        for _ in range(2):
            equal(dropout(x), x, say=f"in evaluation mode, p = {p}")
    for p in (0.25, 0.9):
        dropout = Dropout(p, 1)
        # That none of 1,500 elements is dropped has a probability of 0.75^1500 < 1e-187.
        for mode in (True, False, True):
            dropout.train(mode)
            got = dropout(x)
            say = f"after train({mode}), p = {p}: some elements are 0 in training mode alone"
            holds(bool((got == 0).any()) == mode, say, got=got)


def test_the_mean_stays_as_it_was(Dropout, beside):
    """The mean of 20,000 results for inputs of 10 is 10, rounded to a whole number."""
    for p in (0.1, 0.25, 0.5):
        x = torch.full((20_000,), 10.0, dtype=DOUBLE)
        (mean,) = _chain(beside, ["torch.mean", "torch.round"], Dropout(p, 7), [x])
        # The standard deviation of the mean is 10 sqrt(p / (1 - p)) / 141, at most 0.07.
        close(mean, torch.tensor(10.0, dtype=DOUBLE), say=f"the rounded mean for p = {p}")


def test_an_element_is_dropped_with_probability_p(Dropout):
    """Of 20,000 elements, a share of p becomes 0, for p from 0.02 to 0.9."""
    for p in (0.02, 0.1, 0.5, 0.9):
        kept = _mask(Dropout(p, 11)(torch.ones(20_000)))
        say = f"with p = {p}, an element is dropped with probability {p}"
        distributed_as(kept, [p, 1 - p], say, names=["dropped", "kept"])


def test_elements_are_drawn_independently(Dropout, beside):
    """Two neighbours along any dimension of a (32, 12, 20) input are dropped independently."""
    p, x = 0.4, torch.ones(32, 12, 20)
    for dim, size in enumerate(x.shape):
        # No two of these slices, each of 240 elements or more, are equal by chance.
        unique = beside("functools.partial")(beside("torch.unique"), dim=dim)
        shape = beside("operator.attrgetter")("shape")
        (got,) = _chain(beside, [unique, shape], Dropout(p, 2), [torch.ones(32, 12, 20)])
        say = f"how many different slices there are along dimension {dim}"
        equal(got[dim], size, say=say)
    kept = _mask(Dropout(p, 2)(x))
    for dim in range(3):
        first, second = kept.unflatten(dim, (-1, 2)).unbind(dim + 1)
        say = f"of two neighbours along dimension {dim}, each is kept with probability 0.6"
        distributed_as(2 * first + second, _pairs(p), say, names=PAIR)


def test_the_number_of_dropped_elements_is_random(Dropout, beside):
    """With p = 1/2, both, one or none of two elements are dropped, a new draw at each call."""
    several = _count_different(beside, [Dropout(0.5, 4)], [torch.ones(2)] * 300)
    say = "how many different results 300 calls with two elements have: 00, 01, 10 and 11"
    equal(several, [4], say=say)
    results = _chain(beside, [], Dropout(0.5, 4), [torch.ones(2) for _ in range(300)])
    first, second = _mask(torch.stack(results)).unbind(1)
    say = "of two elements, each is kept with probability 1/2, whatever became of the other"
    distributed_as(2 * first + second, _pairs(0.5), say, names=PAIR)


def test_each_call_draws_anew(Dropout, beside):
    """Five calls with the same x drop different elements, independently of each other."""
    p, x = 0.3, torch.ones(3000)
    several = _count_different(beside, [Dropout(p, 6)], [torch.ones(3000)] * 5)
    equal(several, [5], say="how many of five results differ")
    dropout = Dropout(p, 6)
    masks = [_mask(dropout(x)) for _ in range(3)]
    for first, second in ((0, 1), (1, 2), (0, 2)):
        say = "an element is kept with probability 0.7, whatever became of it in another call"
        distributed_as(2 * masks[first] + masks[second], _pairs(p), say, names=PAIR)


def test_p_0_keeps_everything_and_p_1_nothing(Dropout, beside, live, randn):
    """With p = 0, y is x and the gradient passes; with p = 1, both are exactly 0, not NaN."""
    x, upstream = randn(2, 3, 50), randn(2, 3, 50)
    for p, factor in ((0, 1.0), (1, 0.0), (0.0, 1.0), (1.0, 0.0)):
        dropout = Dropout(p, SEED_OF_A_ZERO)
        got, gradient = _differentiate(beside, dropout, live(x.clone()), upstream)
        finite(got, say=f"the result for p = {p}")
        finite(gradient, say=f"the gradient for p = {p}")
        equal(got, x * factor, say=f"the result for p = {p}")
        equal(gradient, upstream * factor, say=f"the gradient for p = {p}")


def test_the_gradient_passes_where_the_value_passed(Dropout, beside, live, randn):
    """The gradient is 0 where x was set to 0, and 1 / (1 - p) elsewhere."""
    zeros = live(torch.zeros(10, 100))
    _differentiate(beside, Dropout(0.75, 8), zeros, torch.ones(10, 100), draws=False)
    got = beside("torch.unique")(zeros.grad)
    say = "the gradients for 1,000 inputs of 0, p = 3/4: 0 for the dropped, 4 for the others"
    close(got, torch.tensor([0.0, 4.0]), say=say)
    for p in (0.25, 0.5, 0.8):
        x, upstream = randn(7, 50, dtype=DOUBLE), randn(7, 50, dtype=DOUBLE)
        got, gradient = _differentiate(beside, Dropout(p, 8), live(x.clone()), upstream)
        want = torch.where(got == 0, 0.0, upstream / (1 - p))
        close(gradient, want, say=f"p = {p}", **FLOAT32)


def test_equal_seeds_drop_the_same_and_different_seeds_do_not(Dropout, beside):
    """Equal seeds drop the same elements call by call; different seeds draw independently."""
    x, seeds = torch.ones(400), (0, 1, 2, 1000, 65_536, 2**32 - 1)
    several = _count_different(beside, [Dropout(0.5, seed) for seed in seeds[:5]], [x] * 3)
    say = "how many of 15 results differ, of three calls for each of the seeds 0, 1, 2 and others"
    equal(several, [15], say=say)
    drawn = {seed: _three(Dropout(0.5, seed), x) for seed in seeds}
    twins = [beside("builtins.map")(Dropout(0.5, 3), [torch.ones(400)] * 3) for _ in range(2)]
    same = value(beside("builtins.list")(beside("builtins.map")(beside("torch.equal"), *twins)))
    equal(same, [True] * 3, say="whether three calls of two modules with equal seeds agree")
    other = Dropout(0.5, 7)
    for seed, masks in drawn.items():
        again = Dropout(0.5, seed)
        for number, before in enumerate(masks):
            other(x)
            say = f"call {number} of a second module with the seed {seed}, after another's call"
            equal(_mask(again(x)), before, say=say)
    calls = [(seed, number, mask) for seed in seeds for number, mask in enumerate(drawn[seed])]
    for i, (seed, number, mask) in enumerate(calls):
        for twin, later, second in calls[i + 1 :]:
            # Two independent masks of 400 elements agree in 200 ± 10; 85 is 8.5 deviations.
            agree = int((mask == second).sum())
            say = (
                f"call {number} with the seed {seed} and call {later} with the seed {twin} "
                "agree in about half of 400 elements"
            )
            holds(abs(agree - 200) < 85, say, want="about 200", got=str(agree))


def test_evaluation_draws_nothing(Dropout, beside):
    """Calls in evaluation mode do not change what the next call in training mode drops."""
    one, other, third = (Dropout(0.5, 3) for _ in range(3))
    _call(beside, one, [torch.ones(400)])
    _call(beside, other, [torch.ones(400)])
    other.eval()
    _call(beside, other, [torch.ones(400), torch.ones(7)])
    other.train()
    # zip passes what other returns on to both comparisons.
    results = [beside("builtins.map")(each, [torch.ones(400)]) for each in (other, one, third)]
    pairs = beside("itertools.combinations")(beside("itertools.chain")(*results), 2)
    same = beside("itertools.starmap")(beside("torch.equal"), pairs)
    say = (
        "whether the second call, after two in evaluation mode, drops what the second call of "
        "another module drops; what the first call of a third one drops; whether these two agree"
    )
    equal(value(beside("builtins.list")(same)), [True, False, False], say=say)
    x, (first, second, _) = torch.ones(400), _three(Dropout(0.5, 3), torch.ones(400))
    dropout = Dropout(0.5, 3)
    equal(_mask(dropout(x)), first, say="the first call")
    dropout.eval()
    for size in (400, 7):
        dropout(torch.ones(size))
    dropout.train()
    equal(_mask(dropout(x)), second, say="the second call, after two in evaluation mode")


def test_the_global_generator_is_left_alone(Dropout, beside):
    """PyTorch's global generator is neither used nor changed, by creating or by calling."""
    x, state = torch.ones(400), torch.Generator().manual_seed(5).get_state()
    beside("torch.set_rng_state")(state)
    dropout = Dropout(0.5, 3)
    say = "creating a module does not change the global generator"
    holds(_is_global_state(beside, state), say)
    _call(beside, Dropout(0.5, 3), [x])
    holds(_is_global_state(beside, state), "a call does not change the global generator")
    drawn = [_mask(dropout(x)), _mask(dropout(x))]
    beside("torch.rand")(11)
    again = Dropout(0.5, 3)
    for number, want in enumerate(drawn):
        say = f"call {number}, after other draws from the global generator"
        equal(_mask(again(x)), want, say=say)
        beside("torch.rand")(11)


def test_the_input_stays_and_its_layout_does_not_matter(Dropout, randn):
    """x is not changed, and a transposed, strided or expanded x gets its own results."""
    x = randn(30, 20, 10)
    for name, view in (
        ("contiguous", x),
        ("transposed", x.transpose(0, 2)),
        ("every second row", x[::2]),
        ("expanded", x[:1].expand(30, 20, 10)),
    ):
        before = view.clone()
        got = Dropout(0.5, 5)(view)
        equal(view, before, say=f"the call changed its input, {name}")
        close(got, torch.where(got == 0, 0.0, 2 * view), say=f"an input that is {name}: 0 or 2 x")


def test_p_outside_0_to_1_is_refused_and_nothing_is_trained(Dropout):
    """A p below 0 or above 1 raises ValueError, and the module has no parameters."""
    equal(value(Dropout(0.5, 0).parameters()), [], say="the module's parameters")
    for p in (-0.1, 1.1, -1, 50, math.inf):
        with pytest.raises(ValueError):
            Dropout(p, 0)


def _chain(beside, steps, dropout, inputs):
    """Return what the steps, one after the other, make of the module's result for each input.

    Everything is computed beside the learner's code, so the draws need not be answered.
    """
    results = beside("builtins.map")(dropout, inputs)
    for step in steps:
        results = beside("builtins.map")(beside(step) if isinstance(step, str) else step, results)
    return value(beside("builtins.list")(results))


def _count_different(beside, modules, inputs):
    """Return, in a list, how many different results the modules have for these inputs."""
    results = [beside("builtins.map")(dropout, [x.clone() for x in inputs]) for dropout in modules]
    together = beside("itertools.chain")(*results)
    # One iterator so many times: zip takes that many results from it, which become rows.
    rows = beside("builtins.zip")(*[together] * (len(modules) * len(inputs)))
    unique = beside("functools.partial")(beside("torch.unique"), dim=0)
    for step in (beside("torch.stack"), unique, beside("builtins.len")):
        rows = beside("builtins.map")(step, rows)
    return value(beside("builtins.list")(rows))


def _call(beside, dropout, inputs):
    """Call a module beside the learner's code, and drop what it returns."""
    beside("collections.deque")(beside("builtins.map")(dropout, inputs), 0)


def _is_global_state(beside, state):
    """Return whether PyTorch's global generator beside the learner's code has this state."""
    states = beside("builtins.iter")(beside("torch.get_rng_state"), None)
    now = beside("itertools.islice")(states, 1)
    same = beside("builtins.map")(beside("torch.equal"), now, [state])
    return value(beside("builtins.list")(same)) == [True]


def _differentiate(beside, dropout, x, upstream, draws=True):
    """Return the result for a live x, and the gradient of (result * upstream).sum(), of one call.

    One result has two readers (tee): the one that walks back through it, and the one that copies.
    With ``draws`` false nothing is copied, and the gradient is found in ``x.grad``.
    """
    x.requires_grad_()
    first, second = beside("itertools.tee")(beside("builtins.map")(dropout, [x]))
    steps = [beside("functools.partial")(beside("operator.mul"), upstream)]
    for step in (*steps, beside("torch.sum"), beside("torch.autograd.backward")):
        first = beside("builtins.map")(step, first)
    beside("builtins.list")(first)
    if not draws:
        return None
    (got,) = value(beside("builtins.list")(second))
    return value(got), value(x.grad)


def _three(dropout, x):
    """Return the masks of three calls."""
    return [_mask(dropout(x)) for _ in range(3)]


def _mask(got):
    """Return 1 for what was kept and 0 for what was dropped, of inputs that are not 0."""
    holds(isinstance(got, torch.Tensor), "the result is a tensor", got=got)
    return (got != 0).long()


def _pairs(p):
    """Return the probabilities of PAIR."""
    return [p * p, p * (1 - p), (1 - p) * p, (1 - p) ** 2]
