"""The checks of softmax."""

import math

import torch

from grader.checks import close, equal, finite, gradients, holds, shaped

INF = math.inf
HALF, BRAIN, SINGLE, DOUBLE = torch.float16, torch.bfloat16, torch.float32, torch.float64


def test_the_result_has_the_shape_and_dtype_of_the_scores(softmax, randn):
    """The result has the shape and dtype of the logits."""
    kinds = [((3,), SINGLE), ((2, 3, 5), DOUBLE), ((2, 1), HALF), ((5, 7), BRAIN)]
    for shape, dtype in [*kinds, ((2, 1, 3, 2, 5), SINGLE)]:
        got = softmax(randn(*shape, dtype=dtype))
        shaped(got, shape, dtype, say=f"logits of shape {shape} and {dtype}")


def test_a_row_worked_by_hand(softmax):
    """Logits log 1, log 2 and log 5 become the probabilities 1/8, 2/8 and 5/8."""
    for dtype in (SINGLE, DOUBLE, HALF, BRAIN):
        logits = torch.tensor([math.log(1), math.log(2), math.log(5)], dtype=dtype)
        close(softmax(logits), torch.tensor([0.125, 0.25, 0.625], dtype=dtype), say=f"{dtype}")


def test_every_slice_sums_to_one(softmax, randn):
    """Along the last dimension the probabilities are positive and sum to 1."""
    for shape in [(5, 3), (2, 3, 7), (2, 131)]:
        got = softmax(randn(*shape))
        shaped(got, shape, SINGLE, say=f"logits of shape {shape}")
        holds(bool((got > 0).all()), "every probability is positive", got=got)
        close(got.sum(dim=-1), torch.ones(shape[:-1]), say=f"the sums for logits of shape {shape}")


def test_a_single_choice_is_certain(softmax):
    """The only logit of a slice gets the probability 1 exactly."""
    for dtype in (SINGLE, HALF):
        logits = torch.tensor([[7.0], [-0.5], [0.0]], dtype=dtype)
        equal(softmax(logits), torch.ones(3, 1, dtype=dtype), say=f"slices of one logit in {dtype}")


def test_dim_chooses_what_sums_to_one(softmax, randn):
    """The probabilities sum to 1 along dim, also if dim is negative."""
    scores = randn(2, 3, 5)
    for dim in (0, 1, 2, -2, -3):
        close(softmax(scores, dim=dim), _by_loop(scores, dim), say=f"dim={dim}")
    close(softmax(scores, 1), _by_loop(scores, 1), say="dim=1, as the second argument")
    scores = randn(3, 2, 5, 2)
    close(softmax(scores, dim=1), _by_loop(scores, 1), say="dim=1 of four dimensions")


def test_small_probabilities_are_as_accurate_as_large_ones(softmax, randn):
    """Of 5,000 logits, and for logits down to -80, each probability is right to 1 in 10,000."""
    row = torch.tensor([0.0, -20.0, -60.0, -80.0])
    # Of a probability, and not of 1: exp has five more roundings at -80 than at 0.
    close(softmax(row), torch.softmax(row.double(), dim=0).float(), atol=0, rtol=1e-4)
    many = randn(1, 5000)
    close(softmax(many), torch.softmax(many, dim=1), atol=0, rtol=1e-4, say="5,000 logits")


def test_a_constant_added_to_all_scores_changes_nothing(softmax, randn):
    """Adding 3 to every logit of a slice does not change its probabilities."""
    scores = randn(2, 5)
    close(softmax(scores + 3.0), softmax(scores))


def test_huge_scores_stay_finite(softmax):
    """Logits of 10,000 and -10,000, or as large as the dtype allows, give no NaN or infinity."""
    for dtype in (SINGLE, DOUBLE, HALF, BRAIN):
        for large in (1e4, torch.finfo(dtype).max):
            got = softmax(torch.tensor([large, large, -large], dtype=dtype))
            finite(got)
            close(got, torch.tensor([0.5, 0.5, 0.0], dtype=dtype))


def test_slices_far_apart_do_not_disturb_each_other(softmax):
    """A slice of small logits is correct next to a slice with logits 10,000 larger."""
    got = softmax(torch.tensor([[1e4, 1e4], [0.0, 0.0]]))
    close(got, torch.full((2, 2), 0.5))


def test_only_differences_of_logits_count(softmax, randint):
    """Logits near -1,000,000, -10,000 and 100,000 give what their differences give near 0."""
    # Quarters, so that the sum of logit and constant is exact in float32.
    scores = randint(-16, 17, 4, 7) / 4
    shift = torch.tensor([[-1e6], [-1e4], [1e5], [90.0]])
    close(softmax(scores + shift), _by_loop(scores, 1), say="a constant for each row")
    columns = (scores + shift).T.contiguous()
    close(softmax(columns, dim=0), _by_loop(scores, 1).T, say="a constant for each column, dim=0")
    for row, want in [([1e-38, 3e-38], [0.5, 0.5]), ([60.0, -60.0], [1.0, math.exp(-120)])]:
        close(softmax(torch.tensor(row)), torch.tensor(want), say=f"the logits {row}")


def test_a_score_of_minus_infinity_gets_exactly_zero(softmax):
    """A logit of -inf gives a probability of exactly 0, however low the other logits are."""
    for low in (0.0, -1e4, -6e4, -1e9, torch.finfo(SINGLE).min):
        for dtype in (DOUBLE, SINGLE):
            got = softmax(torch.tensor([low, -INF, low, -INF], dtype=dtype))
            want = torch.tensor([0.5, 0.0, 0.5, 0.0], dtype=dtype)
            equal(got, want, say=f"-inf beside {low:g}")


def test_the_layout_in_memory_makes_no_difference(softmax, randn):
    """Logits that are a transposed, strided or expanded view give what a copy of them gives."""
    scores = randn(3, 5, 7)
    turned = scores.transpose(0, 2).contiguous().transpose(0, 2)
    strided = scores.repeat_interleave(2, dim=2)[:, :, ::2]
    for dim in (0, 1, -1):
        want = _by_loop(scores, dim)
        close(softmax(turned, dim=dim), want, say=f"a transposed view, dim={dim}")
        close(softmax(strided, dim=dim), want, say=f"every second number of a tensor, dim={dim}")
    rows = scores[0, :1].expand(3, 7)
    close(softmax(rows), _by_loop(rows, -1), say="a row that is expanded to three")


def test_the_scores_stay_as_they_were(softmax, randn):
    """Softmax returns a new tensor and does not change its input."""
    for dtype in (SINGLE, DOUBLE, HALF):
        scores = randn(2, 3, dtype=dtype)
        before = scores.clone()
        softmax(scores)
        equal(scores, before, say="the call changed its logits; return a new tensor")


def test_each_call_returns_a_tensor_of_its_own(softmax, randn, live, beside):
    """Each call computes anew: results and logits may be changed without an effect on others."""
    first, second = randn(2, 3, 5)
    results = beside("builtins.list")(beside("builtins.map")(softmax, [first, second]))
    for got, scores in zip(results, (first, second), strict=True):
        close(got, _by_loop(scores, -1), say="two calls, one after the other")
    scores = live(first.clone())
    want = [_by_loop(first, -1), _by_loop(first * 2, -1)]
    close(softmax(scores), want[0])
    scores.mul_(2)
    close(softmax(scores), want[1], say="the same tensor again, with its logits doubled")


def test_the_gradient_is_torchs(softmax, randn, randint):
    """The gradient with respect to the logits equals that of torch.softmax."""
    upstream = randn(3, 5, dtype=DOUBLE)
    excluded = randn(3, 5, dtype=DOUBLE)
    excluded[[0, 0, 2], [1, 4, 0]] = -INF
    large = randint(-8, 9, 3, 5).double() / 4 + torch.tensor([[1e4], [-1e4], [0.0]])
    cases = [("any logits", randn(3, 5, dtype=DOUBLE), -1), ("dim=0", randn(3, 5, dtype=DOUBLE), 0)]
    for say, scores, dim in [*cases, ("logits of -inf", excluded, 1), ("10,000", large, 1)]:
        (got,) = gradients(softmax, scores, dim=dim, upstream=upstream)
        twin = scores.clone().requires_grad_()
        (torch.softmax(twin, dim=dim) * upstream).sum().backward()
        close(got, twin.grad, atol=1e-5, rtol=1e-4, say=say)


def _by_loop(scores, dim):
    """Return softmax by the definition, one slice after the other."""
    rows = scores.movedim(dim, -1)
    flat = [torch.tensor([math.exp(x) for x in row]) for row in rows.reshape(-1, rows.shape[-1])]
    return torch.stack([row / row.sum() for row in flat]).reshape(rows.shape).movedim(-1, dim)
