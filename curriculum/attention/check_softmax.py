"""What is asked of softmax."""

import math

import torch

from grader.engine.expect import close, equal, finite, holds, shaped
from grader.engine.side import gradients


def test_the_result_has_the_shape_and_dtype_of_the_scores(softmax, randn):
    """The result has the shape and the dtype of the scores."""
    for shape, dtype in [((3,), torch.float32), ((2, 3, 5), torch.float64)]:
        got = softmax(randn(*shape, dtype=dtype))
        shaped(got, shape, dtype, say=f"scores of shape {shape} and {dtype}")


def test_a_row_worked_by_hand(softmax):
    """Scores log 1, log 2 and log 5 become the probabilities 1/8, 2/8 and 5/8."""
    got = softmax(torch.tensor([math.log(1), math.log(2), math.log(5)]))
    close(got, torch.tensor([0.125, 0.25, 0.625]))


def test_every_slice_sums_to_one(softmax, randn):
    """Along the last dimension the probabilities are positive and sum to 1."""
    got = softmax(randn(5, 3, dtype=torch.float64))
    holds(bool((got > 0).all()), "every probability is positive", got=got)
    # Five roundings of numbers below 1 stay far inside 1e-12.
    close(got.sum(dim=-1), torch.ones(5, dtype=torch.float64), atol=1e-12, rtol=0)


def test_dim_chooses_what_sums_to_one(softmax, randn):
    """Probabilities sum to 1 along the dimension that was asked for, also a negative one."""
    scores = randn(2, 3, 5)
    for dim in (0, 1, 2, -2):
        close(softmax(scores, dim=dim), _by_loop(scores, dim), say=f"dim={dim}")


def test_a_constant_added_to_all_scores_changes_nothing(softmax, randn):
    """Adding 3 to every score of a slice leaves its probabilities as they were."""
    scores = randn(2, 5)
    close(softmax(scores + 3.0), softmax(scores))


def test_huge_scores_stay_finite(softmax):
    """Scores of 10,000 and -10,000 give probabilities, not NaN or infinity."""
    got = softmax(torch.tensor([1e4, 1e4, -1e4]))
    finite(got)
    close(got, torch.tensor([0.5, 0.5, 0.0]))


def test_slices_far_apart_do_not_disturb_each_other(softmax):
    """A slice of small scores is right beside a slice of scores that are 10,000 larger."""
    got = softmax(torch.tensor([[1e4, 1e4], [0.0, 0.0]]))
    close(got, torch.full((2, 2), 0.5))


def test_a_score_of_minus_infinity_gets_exactly_zero(softmax):
    """A forbidden choice has probability 0, not merely a small one."""
    got = softmax(torch.tensor([0.0, -math.inf, 0.0]))
    equal(got, torch.tensor([0.5, 0.0, 0.5]))


def test_the_scores_stay_as_they_were(softmax, randn):
    """Softmax gives a new tensor and leaves its input alone."""
    scores = randn(2, 3)
    before = scores.clone()
    softmax(scores)
    equal(scores, before, say="the scores that went in have changed")


def test_the_gradient_is_torchs(softmax, randn):
    """The gradient with respect to the scores is that of torch.softmax."""
    scores, upstream = randn(2, 5, dtype=torch.float64), randn(2, 5, dtype=torch.float64)
    (got,) = gradients(softmax, scores, upstream=upstream)
    twin = scores.clone().requires_grad_()
    (torch.softmax(twin, dim=-1) * upstream).sum().backward()
    close(got, twin.grad)


def _by_loop(scores, dim):
    """Softmax by the definition, one slice after the other."""
    rows = scores.movedim(dim, -1)
    flat = [torch.tensor([math.exp(x) for x in row]) for row in rows.reshape(-1, rows.shape[-1])]
    return torch.stack([row / row.sum() for row in flat]).reshape(rows.shape).movedim(-1, dim)
