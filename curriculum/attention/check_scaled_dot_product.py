"""What is asked of scaled dot-product attention."""

import math

import torch
from torch.nn import functional

from grader.engine.expect import close, equal, finite
from grader.engine.side import gradients


def test_the_result_has_a_row_for_each_query(scaled_dot_product, randn):
    """Values that are all 1 give an output of ones, in the shape (..., T, V) and dtype of q."""
    for lead, dtype in [((), torch.float32), ((2,), torch.float64), ((2, 3), torch.float32)]:
        q, k = randn(*lead, 3, 5, dtype=dtype), randn(*lead, 7, 5, dtype=dtype)
        got = scaled_dot_product(q, k, torch.ones(*lead, 7, 2, dtype=dtype))
        want = torch.ones(*lead, 3, 2, dtype=dtype)
        close(got, want, say="a mean of ones is one, for each query and each part of the value")


def test_weights_worked_by_hand(scaled_dot_product):
    """With D = 4, dot products of 0 and 2 log 3 give the weights 1/4 and 3/4."""
    q = torch.tensor([[2.0, 0.0, 0.0, 0.0]])
    k = torch.tensor([[0.0, 1.0, 1.0, 1.0], [math.log(3), 0.0, 0.0, 0.0]])
    got = scaled_dot_product(q, k, torch.tensor([[0.0, 4.0], [8.0, 0.0]]))
    close(got, torch.tensor([[6.0, 1.0]]))


def test_scores_are_divided_by_the_root_of_the_width(scaled_dot_product):
    """A dot product of sqrt(D) log 3 is a lead of log 3, for a D of 1, 2, 9 and 100."""
    v = torch.tensor([[0.0, 4.0, 0.0], [8.0, 0.0, 4.0]])
    for width in (1, 2, 9, 100):
        q = torch.full((1, width), width**-0.5)
        k = torch.stack([torch.zeros(width), torch.full((width,), math.log(3))])
        close(scaled_dot_product(q, k, v), torch.tensor([[6.0, 1.0, 3.0]]), say=f"D is {width}")


def test_each_query_weighs_the_keys_for_itself(scaled_dot_product, randn):
    """The output is what the definition gives, one query of one batch entry after the other."""
    q, k, v = randn(2, 3, 5), randn(2, 7, 5), randn(2, 7, 11)
    close(scaled_dot_product(q, k, v), _by_loop(q, k, v))


def test_true_in_the_mask_means_may_attend(scaled_dot_product, randn):
    """A query that may attend to one key alone gives the value of that key."""
    q, k, v = randn(3, 5), randn(3, 5), torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    mask = torch.tensor([[False, True, False], [False, False, True], [True, False, False]])
    equal(scaled_dot_product(q, k, v, mask), v[[1, 2, 0]], say="True is where it may attend")


def test_a_forbidden_key_changes_nothing(scaled_dot_product, randn):
    """A key with mask False has no influence: the output is that of the permitted keys alone."""
    q, k, v = randn(3, 5), randn(7, 5), randn(7, 2)
    mask = torch.tensor([True, False, True, True, False, True, False])
    k[1], v[1], v[4] = 100.0, 1e6, -1e6
    want = _by_loop(q, k[mask], v[mask])
    close(scaled_dot_product(q, k, v, mask.expand(3, 7)), want)


def test_a_forbidden_key_stays_out_below_any_score(scaled_dot_product):
    """A permitted score of -1e12 still gets all the weight when the other key is forbidden."""
    q, k = torch.tensor([[1e6]]), torch.tensor([[-1e6], [1.0]])
    got = scaled_dot_product(q, k, torch.tensor([[3.0], [5.0]]), torch.tensor([[True, False]]))
    equal(got, torch.tensor([[3.0]]), say="a forbidden score is lower than every number")


def test_the_mask_broadcasts(scaled_dot_product, randn):
    """One mask serves all heads, or all queries: any shape that broadcasts to (..., T, S)."""
    q, k, v = randn(2, 3, 5, 7), randn(2, 3, 11, 7), randn(2, 3, 11, 2)
    for shape in [(5, 11), (2, 1, 1, 11), (3, 1, 11), (1, 1, 5, 11), (2, 3, 5, 11)]:
        mask = randn(*shape) > 0
        mask[..., 4] = True  # a key for every query
        want = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        close(scaled_dot_product(q, k, v, mask), want, say=f"a mask of shape {shape}")


def test_huge_scores_stay_finite(scaled_dot_product):
    """Scores of 10,000 and -10,000 pick one value, without NaN or infinity."""
    q, k = torch.tensor([[100.0], [-100.0]]), torch.tensor([[100.0], [-100.0]])
    got = scaled_dot_product(q, k, torch.tensor([[3.0], [5.0]]))
    finite(got)
    close(got, torch.tensor([[3.0], [5.0]]))


def test_the_gradients_are_torchs(scaled_dot_product, randn):
    """The gradients of q, k and v are those of PyTorch's attention, with a mask."""
    double = torch.float64
    parts = (
        randn(2, 3, 5, dtype=double),
        randn(2, 7, 5, dtype=double),
        randn(2, 7, 11, dtype=double),
    )
    upstream, mask = randn(2, 3, 11, dtype=double), randn(3, 7) > 0
    mask[:, 2] = True
    got = gradients(scaled_dot_product, *parts, mask, upstream=upstream)
    twins = [part.clone().requires_grad_() for part in parts]
    (functional.scaled_dot_product_attention(*twins, attn_mask=mask) * upstream).sum().backward()
    for name, ours, twin in zip("qkv", got, twins, strict=False):
        close(ours, twin.grad, say=f"the gradient of {name}")


def test_the_inputs_stay_as_they_were(scaled_dot_product, randn):
    """Attention leaves q, k, v and the mask alone."""
    inputs = randn(3, 5), randn(7, 5), randn(7, 2), torch.ones(3, 7, dtype=torch.bool).tril(2)
    before = [part.clone() for part in inputs]
    scaled_dot_product(*inputs)
    for name, part, old in zip(["q", "k", "v", "the mask"], inputs, before, strict=True):
        equal(part, old, say=f"{name} has changed")


def _by_loop(q, k, v):
    """Attention by the definition, without a mask."""
    if q.dim() > 2:
        return torch.stack([_by_loop(*parts) for parts in zip(q, k, v, strict=True)])
    rows = []
    for query in q:
        scores = [math.fsum((query * key).tolist()) / math.sqrt(len(query)) for key in k]
        weights = [math.exp(score - max(scores)) for score in scores]
        rows.append(sum(w * value for w, value in zip(weights, v, strict=True)) / sum(weights))
    return torch.stack(rows)
