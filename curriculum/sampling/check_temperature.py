"""The checks of temperature."""

import math

import pytest
import torch

from grader.checks import close, equal, finite, shaped, value

INF = math.inf
SINGLE, DOUBLE = torch.float32, torch.float64


def test_the_result_has_the_shape_and_dtype_of_the_logits(temperature, randn):
    """The result has the shape and dtype of the logits, at temperature 0 too."""
    for t in (0.7, 0):
        for shape, dtype in [
            ((5,), SINGLE),
            ((2, 3), DOUBLE),
            ((2, 3, 5), SINGLE),
            ((3, 1), DOUBLE),
        ]:
            got = temperature(randn(*shape, dtype=dtype), t)
            shaped(got, shape, dtype, say=f"logits of shape {shape} and {dtype}, t={t}")


def test_a_row_worked_by_hand(temperature):
    """At temperature 0.5 the ratios 1 : 2 : 3 become 1 : 4 : 9, and at temperature 1 they stay."""
    logits = torch.tensor([1.0, 2.0, 3.0]).log()
    close(temperature(logits, 0.5), torch.tensor([1.0, 4.0, 9.0]) / 14, say="t=0.5")
    close(temperature(logits, 1), torch.tensor([1.0, 2.0, 3.0]) / 6, say="t=1")
    root = torch.tensor([1.0, 2.0, 3.0]).sqrt()
    close(temperature(logits, 2), root / root.sum(), say="t=2: the ratios of the square roots")


def test_every_row_follows_the_formula(temperature, randn):
    """Each row is the softmax of its logits divided by t, for any leading dimensions."""
    for t in (0.3, 1.0, 1.7, 10):
        for shape in [(7,), (5, 3), (2, 3, 5), (2, 1, 3, 5)]:
            for dtype in (SINGLE, DOUBLE):
                logits = randn(*shape, dtype=dtype)
                want = _by_loop(logits, t)
                close(temperature(logits, t), want, say=f"logits of shape {shape}, t={t}")


def test_a_high_temperature_makes_all_tokens_equally_probable(temperature, randn):
    """At temperature 1,000,000 each of five tokens has the probability 0.2, up to 0.00001."""
    for dtype in (SINGLE, DOUBLE):
        got = temperature(randn(3, 5, dtype=dtype), 1e6)
        close(got, torch.full((3, 5), 0.2, dtype=dtype), atol=1e-5, rtol=0)


def test_at_zero_the_largest_logit_has_all_the_probability(temperature, randn):
    """At temperature 0 the token with the largest logit has probability 1, all others exactly 0."""
    for t in (0, 0.0):
        for shape in [(5,), (3, 7), (2, 3, 5), (2, 2, 3, 5), (3, 1)]:
            for dtype in (SINGLE, DOUBLE):
                logits = randn(*shape, dtype=dtype) - 3
                say = f"logits of shape {shape}, t={t}"
                equal(temperature(logits, t), _greedy(logits), say=say)


def test_at_zero_the_lowest_of_equal_tokens_wins(temperature, randint):
    """At temperature 0, of tokens that share the largest logit the one with the lowest id has 1."""
    logits = torch.tensor([[1.0, 3.0, 3.0, 3.0], [2.0, 2.0, 0.0, 2.0], [-1.0, -2.0, -1.0, -1.0]])
    want = torch.tensor([[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
    equal(temperature(logits, 0), want)
    for shape in [(31, 11), (2, 5, 101)]:
        many = randint(0, 3, *shape).to(DOUBLE)
        equal(temperature(many, 0.0), _greedy(many), say=f"whole numbers of shape {shape}")


def test_above_zero_equal_logits_share_however_small_t_is(temperature):
    """At temperature 0.000001 two tokens with the largest logit have the probability 0.5 each."""
    logits = torch.tensor([[3.0, 1.0, 3.0], [-0.25, 0.0, 0.0]])
    want = torch.tensor([[0.5, 0.0, 0.5], [0.0, 0.5, 0.5]])
    for t in (1e-2, 1e-4, 1e-6):
        for dtype in (SINGLE, DOUBLE):
            close(temperature(logits.to(dtype), t), want.to(dtype), say=f"t={t}, {dtype}")
    # exp(-1) and 1: the smaller one has its share too.
    pair = torch.tensor([0.0, -(2.0**-13)])
    want = torch.tensor([1.0, math.exp(-1)]) / (1 + math.exp(-1))
    close(temperature(pair, 2.0**-13), want, say="two logits that differ by t")


def test_huge_logits_stay_finite(temperature):
    """Logits of 10,000 and -10,000 give no NaN or infinity at any temperature."""
    high, low = [1e4, 1e4, -1e4], [-1e4, -1e4, -1e4]
    wanted = {0: [[1, 0, 0], [1, 0, 0]], 1e6: [[0.335548, 0.335548, 0.328904], [1 / 3] * 3]}
    for t in (0, 1e-6, 1e-3, 0.5, 1, 100, 1e6):
        want = wanted.get(t, [[0.5, 0.5, 0.0], [1 / 3] * 3])
        for dtype in (SINGLE, DOUBLE):
            got = temperature(torch.tensor([high, low], dtype=dtype), t)
            finite(got, say=f"t={t}")
            close(got, torch.tensor(want, dtype=dtype), say=f"t={t}")


def test_minus_infinity_stays_out(temperature):
    """A logit of -inf gives the probability 0 at every temperature, also if one token is left."""
    for t in (0, 1e-6, 0.5, 1, 1e6):
        for dtype in (SINGLE, DOUBLE):
            logits = [[-INF, -1e4, -INF, -1e4], [-INF, -INF, -7.0, -INF], [0.0, -INF, -INF, -INF]]
            want = [[0, 0.5 if t else 1, 0, 0.5 if t else 0], [0, 0, 1, 0], [1, 0, 0, 0]]
            got = temperature(torch.tensor(logits, dtype=dtype), t)
            close(got, torch.tensor(want, dtype=dtype), say=f"t={t}, {dtype}")
            out = got[torch.tensor(logits) == -INF]
            equal(out, torch.zeros(8, dtype=dtype), say=f"the probabilities at -inf, t={t}")


def test_rows_do_not_disturb_each_other(temperature):
    """A row of small logits has the probabilities that it has alone, beside rows of large ones."""
    rows = torch.tensor([[1.0, 2.0, 3.0]]).log() + torch.tensor([[0.0], [0.0], [1.0]])
    rows[1] += torch.tensor([1e4, 0.0, 0.0])
    squares = [1 / 14, 4 / 14, 9 / 14]
    for t, first in [(0.5, squares), (0, [0, 0, 1])]:
        want = torch.tensor([first, [1.0, 0.0, 0.0], first])
        close(temperature(rows, t), want, say=f"t={t}")


def test_a_large_vocabulary(temperature, randn):
    """For the 50,257 tokens of GPT-2 each probability is right to 1 in 1,000."""
    logits = 3 * randn(1, 50_257)
    for t in (0.8, 2):
        want = torch.softmax(logits.double() / t, dim=-1).float()
        close(temperature(logits, t), want, atol=0, rtol=1e-3, say=f"t={t}")
    equal(temperature(logits, 0), _greedy(logits), say="t=0")


def test_the_layout_in_memory_does_not_matter(temperature, randint):
    """Logits that are a transposed, strided or expanded view give what a copy of them gives."""
    logits = randint(0, 4, 3, 5, 7).float()
    strided = logits.repeat_interleave(2, dim=2)[:, :, ::2]
    views = [
        ("a transposed view", logits.transpose(0, 2)),
        ("every second number of a tensor", strided),
        ("one row expanded to three", logits[0, :1].expand(3, 7)),
    ]
    for name, view in views:
        close(temperature(view, 0.7), _by_loop(view, 0.7), say=f"{name}, t=0.7")
        equal(temperature(view, 0), _greedy(view), say=f"{name}, t=0")


def test_a_negative_temperature_is_refused(temperature, randn):
    """A negative temperature raises ValueError."""
    for t in (-1, -0.5, -1e-6):
        with pytest.raises(ValueError):
            temperature(randn(2, 3), t)


def test_the_logits_stay_as_they_were(temperature, randn, live, beside):
    """temperature returns a new tensor and does not change its input."""
    for t in (0.5, 1, 0):
        logits = randn(3, 5)
        before = logits.clone()
        temperature(logits, t)
        equal(logits, before, say=f"the call with t={t} changed its logits; return a new tensor")
        there = live(before.clone())
        results = beside("builtins.map")(temperature, [there], [t])
        beside("builtins.list")(beside("builtins.map")(beside("torch.zero_"), results))
        equal(value(there), before, say=f"t={t}: the result was set to 0, and the logits with it")


def _by_loop(logits, t):
    """Return the probabilities by the formula, one row after the other, for t above 0."""
    rows = []
    for row in logits.reshape(-1, logits.shape[-1]).tolist():
        weights = [math.exp(x / t) for x in row]
        rows.append([weight / sum(weights) for weight in weights])
    return torch.tensor(rows, dtype=logits.dtype).reshape(logits.shape)


def _greedy(logits):
    """Return 1 at the first of the largest logits of each row and 0 elsewhere."""
    ones = torch.zeros_like(logits.contiguous()).reshape(-1, logits.shape[-1])
    for number, row in enumerate(logits.reshape(ones.shape).tolist()):
        ones[number, row.index(max(row))] = 1
    return ones.reshape(logits.shape)
