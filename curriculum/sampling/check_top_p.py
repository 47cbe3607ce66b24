"""The checks of top_p."""

import math
from itertools import pairwise

import pytest
import torch

from grader.checks import equal, holds, shaped, value

INF = math.inf
SINGLE, DOUBLE = torch.float32, torch.float64


def test_the_result_has_the_shape_and_dtype_of_the_logits(top_p, randn):
    """The result has the shape and dtype of the logits, with min_p too."""
    for settings in ((0.5,), (1,), (0.9, 0.1)):
        kinds = [((5,), SINGLE), ((2, 3), DOUBLE), ((2, 3, 5), SINGLE), ((3, 1), DOUBLE)]
        for shape, dtype in kinds:
            got = top_p(randn(*shape, dtype=dtype), *settings)
            shaped(got, shape, dtype, say=f"logits of shape {shape} and {dtype}")


def test_a_row_worked_by_hand(top_p):
    """Of the probabilities 0.1, 0.5, 0.15, 0.25 the nucleus for p = 0.7 is 0.5 and 0.25."""
    logits = torch.tensor([0.1, 0.5, 0.15, 0.25]).log()
    for p, ids in [(0.7, [1, 3]), (0.3, [1]), (0.8, [1, 3, 2]), (0.95, [0, 1, 2, 3])]:
        equal(top_p(logits, p), _keep(logits, ids), say=f"p={p}")


def test_the_nucleus_is_the_smallest_that_reaches_p(top_p, randn):
    """In each row the kept tokens have the probability p or more, and without the last one less."""
    logits = 2 * randn(5, 11)
    for p in _between_sums(logits, 5):
        got = top_p(logits, p)
        shaped(got, (5, 11), SINGLE, say=f"p={p:.4f}")
        for row, kept in zip(torch.softmax(logits.double(), -1), got != -INF, strict=True):
            inside = row[kept].tolist()
            say = f"p={p:.4f}: the probabilities of the kept tokens sum to p or more"
            holds(sum(inside) >= p, say, want=f"p or more, {p:.4f}", got=f"{sum(inside):.4f}")
            say = f"p={p:.4f}: without the least probable of them, the sum is below p"
            holds(
                sum(inside) - min(inside) < p,
                say,
                want=f"less than p, {p:.4f}",
                got=f"{sum(inside) - min(inside):.4f}",
            )


def test_every_row_has_its_own_nucleus(top_p, randn):
    """Each row keeps its own nucleus with the logits as they were, for any leading dimensions."""
    for shape in [(11,), (5, 7), (2, 3, 5), (2, 1, 3, 5), (31, 3)]:
        for dtype in (SINGLE, DOUBLE):
            logits = (2 * randn(*shape)).to(dtype)
            for p in _between_sums(logits, 3):
                want = _by_loop(logits, p)
                equal(top_p(logits, p), want, say=f"logits of shape {shape}, p={p:.4f}")
    confident = torch.tensor([[9.0, 0.0, 0.0, 0.0], [0.3, 0.2, 0.1, 0.0]])
    want = torch.tensor([[9.0, -INF, -INF, -INF], [0.3, 0.2, 0.1, 0.0]])
    equal(top_p(confident, 0.9), want, say="a confident row beside an uncertain one, p=0.9")


def test_zero_keeps_the_most_probable_token(top_p, randn):
    """For p = 0 each row keeps one token, the first of those with the largest logit."""
    for p in (0, 0.0):
        logits = randn(3, 5)
        equal(top_p(logits, p), _by_loop(logits, 0), say=f"p={p}")
        tied = torch.tensor([[1.0, 2.0, 2.0], [3.0, 3.0, 3.0], [-1.0, -2.0, -1.0]])
        equal(top_p(tied, p), _by_loop(tied, 0), say=f"equal logits, p={p}")


def test_one_keeps_every_token(top_p, randn):
    """For p = 1 every logit stays as it is, however small the probability."""
    for p in (1, 1.0):
        for dtype in (SINGLE, DOUBLE):
            logits = randn(3, 5).to(dtype)
            equal(top_p(logits, p), logits, say=f"p={p}")
            tiny = torch.tensor([0.0, -30.0, -200.0, -1e4, -800.0], dtype=dtype)
            equal(top_p(tiny, p), tiny, say=f"probabilities down to 0, p={p}")
            rows = torch.stack([tiny, tiny.flip(0), tiny])
            equal(top_p(rows, p), rows, say=f"three rows, probabilities down to 0, p={p}")
            many = randn(2, 1009).to(dtype)
            equal(top_p(many, p), many, say=f"1,009 tokens, p={p}")


def test_equal_logits_are_taken_by_lowest_id(top_p, randint):
    """Of equal logits the lowest ids are taken first, and a sum that equals p reaches it."""
    four = torch.full((4,), 2.0)
    for p, ids in [(0.25, [0]), (0.3, [0, 1]), (0.5, [0, 1]), (0.6, [0, 1, 2]), (0.75, [0, 1, 2])]:
        equal(top_p(four, p), _keep(four, ids), say=f"four equal logits, p={p}")
    eight = torch.zeros(2, 8, dtype=DOUBLE)
    equal(top_p(eight, 0.5), _keep(eight, [0, 1, 2, 3]), say="eight equal logits, p=0.5")
    for shape in [(5, 7), (2, 3, 11), (2, 211)]:
        tied = randint(-1, 2, *shape).float()
        for p in _between_sums(tied, 3):
            say = f"whole numbers of shape {shape}, p={p:.4f}"
            equal(top_p(tied, p), _by_loop(tied, p), say=say)


def test_min_p_is_a_share_of_the_largest_probability(top_p, randn):
    """With p = 1, a token is kept if its probability is at least min_p times its row's largest."""
    logits = torch.tensor([[0.1, 0.5, 0.15, 0.25], [0.4, 0.2, 0.22, 0.18]]).log()
    want = torch.stack([_keep(logits[0], [1, 2, 3]), _keep(logits[1], [0, 1, 2, 3])])
    equal(top_p(logits, 1.0, min_p=0.25), want, say="min_p=0.25 of 0.5, and of 0.4")
    equal(top_p(logits, 1.0, 0.25), want, say="min_p as the third argument")
    for shape in [(7,), (5, 11), (2, 3, 5)]:
        for dtype in (SINGLE, DOUBLE):
            logits = (2 * randn(*shape)).to(dtype)
            for min_p in _between_ratios(logits, 3):
                want = _by_loop(logits, 1, min_p)
                say = f"logits of shape {shape}, min_p={min_p:.4f}"
                equal(top_p(logits, 1, min_p=min_p), want, say=say)
    small = torch.tensor([0.0, -10.0, -13.0, -14.0])
    equal(top_p(small, 1, min_p=1e-6), _keep(small, [0, 1, 2]), say="min_p=0.000001")


def test_min_p_of_one_keeps_all_that_are_most_probable(top_p):
    """For min_p = 1 all tokens with the row's largest logit are kept, and for 0 only p counts."""
    logits = torch.tensor([[3.0, 1.0, 3.0], [0.5, 0.5, 0.5], [-2.0, -1.0, -4.0]])
    want = torch.tensor([[3.0, -INF, 3.0], [0.5, 0.5, 0.5], [-INF, -1.0, -INF]])
    for min_p in (1, 1.0):
        equal(top_p(logits, 1.0, min_p), want, say=f"p=1, min_p={min_p}")
    for min_p in (0, 0.0):
        equal(top_p(logits, 1.0, min_p), logits, say=f"p=1, min_p={min_p}")
    equal(top_p(logits, 0.0, 1.0), _by_loop(logits, 0.0, 1.0), say="p=0, min_p=1")


def test_both_conditions_use_the_same_probabilities(top_p, randn):
    """A token has to satisfy p and min_p, each with the probabilities of the logits given."""
    logits = torch.tensor([0.2, 0.4, 0.1, 0.3]).log()
    equal(top_p(logits, 0.85, 0.6), _keep(logits, [1, 3]), say="p=0.85, min_p=0.6")
    equal(top_p(logits, 0.35, 0.1), _keep(logits, [1]), say="p=0.35, min_p=0.1")
    # Without the token of 0.1 the other two of three would have 7/9, which is more than 0.72.
    equal(top_p(logits, 0.72, 0.4), _keep(logits, [0, 1, 3]), say="p=0.72, min_p=0.4")
    rows = 2 * randn(5, 7)
    for p in _between_sums(rows, 2):
        for min_p in _between_ratios(rows, 2):
            want = _by_loop(rows, p, min_p)
            equal(top_p(rows, p, min_p), want, say=f"p={p:.4f}, min_p={min_p:.4f}")


def test_minus_infinity_stays_out(top_p):
    """A logit of -inf stays -inf, also for p = 1 and if one token is left."""
    out = torch.tensor([[-INF, 1.0, -INF, 1.5, 0.5], [-INF, -7.0, -INF, -INF, -INF]])
    for dtype in (SINGLE, DOUBLE):
        logits = out.to(dtype)
        for p, min_p, ids in [
            (0, 0, [3]),
            (0.4, 0, [3]),
            (0.6, 0, [1, 3]),
            (1, 0, [1, 3, 4]),
            (1, 0.5, [1, 3]),
            (0.9, 1, [3]),
        ]:
            want = torch.stack([_keep(logits[0], ids), logits[1]])
            equal(top_p(logits, p, min_p), want, say=f"p={p}, min_p={min_p}, {dtype}")


def test_huge_logits_are_no_exception(top_p):
    """Logits of 10,000 and -10,000 have the nucleus that their differences give."""
    logits = [[1e4, 1e4 - 1, -1e4, 1e4 - 2], [-1e4, -1e4 + 2, -1e4 + 1, -1e4]]
    for dtype in (SINGLE, DOUBLE):
        rows = torch.tensor(logits, dtype=dtype)
        for p, min_p, ids in [
            (0.5, 0, [[0], [1]]),
            (0.8, 0, [[0, 1], [1, 2]]),
            (1, 0.3, [[0, 1], [1, 2]]),
        ]:
            want = torch.stack([_keep(row, kept) for row, kept in zip(rows, ids, strict=True)])
            equal(top_p(rows, p, min_p), want, say=f"p={p}, min_p={min_p}, {dtype}")


def test_a_large_vocabulary(top_p, randn):
    """Of 50,257 tokens the nucleus is what the whole row's probabilities say."""
    logits = torch.zeros(1, 50_257)
    heavy = [50_256, 7, 31_000, 0, 12]
    logits[0, heavy] = torch.tensor([11.0, 10.9, 10.8, 10.7, 10.6])
    # The five have about 0.83 together, and the 50,252 others 0.17.
    for p, count in [(0.1, 1), (0.3, 2), (0.8, 5)]:
        equal(top_p(logits, p), _keep(logits, heavy[:count]), say=f"p={p}")
    equal(top_p(logits, 1, 0.8), _keep(logits, heavy[:3]), say="p=1, min_p=0.8")
    many = 2 * randn(1, 1009)
    p = _between_sums(many, 40)[-1]
    equal(top_p(many, p), _by_loop(many, p), say=f"1,009 tokens, p={p:.4f}")


def test_the_layout_in_memory_does_not_matter(top_p, randn):
    """Logits that are a transposed, strided or expanded view give what a copy of them gives."""
    logits = randn(3, 2, 7)
    views = [
        ("a transposed view", logits.transpose(0, 2)),
        ("every second number of a tensor", logits.repeat_interleave(2, dim=2)[:, :, ::2]),
        ("one row expanded to three", logits[0, :1].expand(3, 7)),
    ]
    for name, view in views:
        p = _between_sums(view, 1)[0]
        equal(top_p(view, p), _by_loop(view, p), say=f"{name}, p={p:.4f}")
        min_p = _between_ratios(view, 1)[0]
        want = _by_loop(view, 1, min_p)
        equal(top_p(view, 1, min_p), want, say=f"{name}, min_p={min_p:.4f}")


def test_shares_outside_zero_to_one_are_refused(top_p, randn):
    """A p or min_p below 0 or above 1 raises ValueError."""
    for p, min_p in [(-0.1, 0.0), (1.1, 0.0), (90, 0.0), (0.9, -0.1), (0.9, 1.5), (1, 5)]:
        with pytest.raises(ValueError):
            top_p(randn(2, 3), p, min_p)


def test_the_logits_stay_as_they_were(top_p, randn, live, beside):
    """top_p returns a tensor of its own and does not change its input, also for p = 1."""
    for p in (0.5, 0, 1):
        logits = randn(3, 5)
        before = logits.clone()
        top_p(logits, p)
        equal(logits, before, say=f"the call with p={p} changed its logits; return a new tensor")
        there = live(before.clone())
        results = beside("builtins.map")(top_p, [there], [p])
        beside("builtins.list")(beside("builtins.map")(beside("torch.zero_"), results))
        equal(value(there), before, say=f"p={p}: the result was set to 0, and the logits with it")


def _keep(logits, ids):
    """Return the logits at these ids of each row, and -inf elsewhere."""
    kept = torch.full_like(logits, -INF)
    kept[..., ids] = logits[..., ids]
    return kept


def _rank(row):
    """Return the ids of a row in the order of falling logits, and the row's probabilities."""
    weights = [math.exp(x - max(row)) for x in row]
    # Python's sort is stable: equal logits stay in the order of their ids.
    return sorted(range(len(row)), key=lambda i: -row[i]), [w / sum(weights) for w in weights]


def _by_loop(logits, p, min_p=0.0):
    """Return what is kept of each row by the definition, one token after the other."""
    kept = torch.full(logits.shape, -INF, dtype=logits.dtype).reshape(-1, logits.shape[-1])
    for number, row in enumerate(logits.reshape(kept.shape).tolist()):
        order, shares = _rank(row)
        total = 0.0
        for place, i in enumerate(order):
            if (place == 0 or p == 1 or total < p) and shares[i] >= min_p * max(shares):
                kept[number, i] = row[i]
            total += shares[i]
    return kept.reshape(logits.shape)


def _between_sums(logits, count):
    """Return values of p in the middle of the widest gaps between the sums of all rows."""
    sums = {0.0, 1.0}
    for row in logits.reshape(-1, logits.shape[-1]).tolist():
        order, shares = _rank(row)
        sums.update(math.fsum(shares[i] for i in order[: n + 1]) for n in range(len(order) - 1))
    return _find_middles(sums, count)


def _between_ratios(logits, count):
    """Return values of min_p in the middle of the widest gaps between probability ratios."""
    ratios = {0.0, 1.0}
    for row in logits.reshape(-1, logits.shape[-1]).tolist():
        ratios.update(math.exp(x - max(row)) for x in row)
    return _find_middles(ratios, count)


def _find_middles(values, count):
    ordered = sorted(values)
    gaps = sorted(pairwise(ordered), key=lambda ends: ends[0] - ends[1])
    return [(low + high) / 2 for low, high in gaps[:count]]
