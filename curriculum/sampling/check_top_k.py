"""The checks of top_k."""

import math

import pytest
import torch

from grader.checks import equal, shaped, value

INF = math.inf
SINGLE, DOUBLE = torch.float32, torch.float64


def test_the_result_has_the_shape_and_dtype_of_the_logits(top_k, randn):
    """The result has the shape and dtype of the logits, whatever k is."""
    for k in (1, 2, 7):
        kinds = [((5,), SINGLE), ((2, 3), DOUBLE), ((2, 3, 5), SINGLE), ((3, 1), DOUBLE)]
        for shape, dtype in kinds:
            got = top_k(randn(*shape, dtype=dtype), k)
            shaped(got, shape, dtype, say=f"logits of shape {shape} and {dtype}, k={k}")


def test_a_row_worked_by_hand(top_k):
    """Of the logits 1, 4, -3, 2, 0 the two largest stay, 4 and 2, and the others become -inf."""
    logits = torch.tensor([1.0, 4.0, -3.0, 2.0, 0.0])
    equal(top_k(logits, 2), torch.tensor([-INF, 4.0, -INF, 2.0, -INF]), say="k=2")
    equal(top_k(logits, 4), torch.tensor([1.0, 4.0, -INF, 2.0, 0.0]), say="k=4")
    below = torch.tensor([-7.0, -1.0, -2.0, -5.0])
    want = torch.tensor([-INF, -1.0, -2.0, -INF])
    equal(top_k(below, 2), want, say="negative logits, k=2")


def test_one_keeps_the_most_probable_token(top_k, randn):
    """With k=1 each row keeps its largest logit alone."""
    for shape in [(7,), (5, 3), (2, 3, 5)]:
        logits = randn(*shape)
        equal(top_k(logits, 1), _by_loop(logits, 1), say=f"logits of shape {shape}")


def test_every_row_keeps_its_own_k_largest(top_k, randn):
    """Each row keeps its own k largest logits, for any leading dimensions."""
    for shape in [(11,), (5, 7), (2, 3, 5), (2, 1, 3, 5), (131, 3)]:
        for k in (2, 3):
            for dtype in (SINGLE, DOUBLE):
                logits = randn(*shape).to(dtype)
                want = _by_loop(logits, k)
                equal(top_k(logits, k), want, say=f"logits of shape {shape}, k={k}")
    far = torch.tensor([[100.0, 101.0, 102.0], [-1.0, -2.0, -3.0]])
    want = torch.tensor([[-INF, 101.0, 102.0], [-1.0, -2.0, -INF]])
    equal(top_k(far, 2), want, say="two rows far apart, k=2")


def test_equal_logits_are_taken_by_lowest_id(top_k, randint):
    """Of equal logits the lowest ids are kept, so exactly k tokens are left in a row of numbers."""
    logits = torch.tensor([[2.0, 5.0, 2.0, 2.0], [3.0, 3.0, 3.0, 3.0], [0.0, 1.0, 1.0, 1.0]])
    want = [[2.0, 5.0, -INF, -INF], [3.0, 3.0, -INF, -INF], [-INF, 1.0, 1.0, -INF]]
    equal(top_k(logits, 2), torch.tensor(want), say="k=2")
    equal(top_k(logits[1:], 1), _by_loop(logits[1:], 1), say="k=1")
    for shape in [(17, 11), (3, 2, 211)]:
        for k in (1, 3, 10):
            many = randint(-2, 3, *shape).to(DOUBLE)
            equal(top_k(many, k), _by_loop(many, k), say=f"whole numbers of shape {shape}, k={k}")


def test_k_of_the_whole_vocabulary_keeps_everything(top_k, randn, randint):
    """If k is V or more, every logit stays as it is."""
    for k in (5, 6, 1000):
        for logits in (randn(3, 5), randn(2, 3, 5, dtype=SINGLE).to(DOUBLE), randn(5)):
            equal(top_k(logits, k), logits, say=f"5 tokens, k={k}")
        equal_ones = randint(0, 2, 3, 5).float()
        equal(top_k(equal_ones, k), equal_ones, say=f"5 tokens with equal logits, k={k}")
    equal(top_k(torch.tensor([[3.0], [-2.0]]), 1), torch.tensor([[3.0], [-2.0]]), say="1 token")


def test_minus_infinity_stays_out(top_k):
    """A logit of -inf stays -inf, and a row with fewer than k numbers keeps all of them."""
    logits = [
        [-INF, 1.0, -INF, 2.0, 3.0],
        [-INF, -7.0, -INF, -INF, -INF],
        [-1e30, -INF, -3e38, -INF, -2e38],
        [0.0, 0.0, -INF, 0.0, 0.0],
    ]
    for k, want in [
        (1, [[4], [1], [0], [0]]),
        (2, [[3, 4], [1], [0, 4], [0, 1]]),
        (3, [[1, 3, 4], [1], [0, 2, 4], [0, 1, 3]]),
        (4, [[1, 3, 4], [1], [0, 2, 4], [0, 1, 3, 4]]),
        (7, [[1, 3, 4], [1], [0, 2, 4], [0, 1, 3, 4]]),
    ]:
        for dtype in (SINGLE, DOUBLE):
            rows = torch.tensor(logits, dtype=SINGLE).to(dtype)
            left = torch.full_like(rows, -INF)
            for number, ids in enumerate(want):
                left[number, ids] = rows[number, ids]
            equal(top_k(rows, k), left, say=f"k={k}, {dtype}")


def test_a_large_vocabulary(top_k, randn):
    """Of the 50,257 tokens of GPT-2 the 50 or 1,000 with the largest logits stay."""
    logits = 3 * randn(1, 50_257)
    rounded = (logits * 4).round() / 4
    for say, rows, k in [("", logits, 50), (", logits rounded to quarters", rounded, 1000)]:
        best = rows[0].argsort(descending=True, stable=True)[:k]
        want = torch.full_like(rows, -INF)
        want[0, best] = rows[0, best]
        equal(top_k(rows, k), want, say=f"k={k}{say}")


def test_the_layout_in_memory_does_not_matter(top_k, randint):
    """Logits that are a transposed, strided or expanded view give what a copy of them gives."""
    logits = randint(0, 4, 3, 5, 7).float()
    views = [
        ("a transposed view", logits.transpose(0, 2)),
        ("every second number of a tensor", logits.repeat_interleave(2, dim=2)[:, :, ::2]),
        ("one row expanded to three", logits[0, :1].expand(3, 7)),
    ]
    wanted = [_by_loop(view, 2) for _, view in views]
    for (name, view), want in zip(views, wanted, strict=True):
        equal(top_k(view, 2), want, say=f"{name}, k=2")


def test_less_than_one_token_is_refused(top_k, randn):
    """A k below 1 raises ValueError."""
    for k in (0, -1, -5):
        with pytest.raises(ValueError):
            top_k(randn(2, 3), k)


def test_the_logits_stay_as_they_were(top_k, randn, live, beside):
    """top_k returns a tensor of its own and does not change its input, also if k is V or more."""
    for k in (1, 3, 5, 7):
        logits = randn(3, 5)
        before = logits.clone()
        top_k(logits, k)
        equal(logits, before, say=f"the call with k={k} changed its logits; return a new tensor")
        there = live(before.clone())
        results = beside("builtins.map")(top_k, [there], [k])
        beside("builtins.list")(beside("builtins.map")(beside("torch.zero_"), results))
        equal(value(there), before, say=f"k={k}: the result was set to 0, and the logits with it")


def _by_loop(logits, k):
    """Return the k largest of each row, one after the other; the rest is -inf."""
    rows = []
    for row in logits.reshape(-1, logits.shape[-1]).tolist():
        # Python's sort is stable: equal logits stay in the order of their ids.
        best = set(sorted(range(len(row)), key=lambda i: -row[i])[:k])
        rows.append([x if i in best else -INF for i, x in enumerate(row)])
    return torch.tensor(rows, dtype=logits.dtype).reshape(logits.shape)
