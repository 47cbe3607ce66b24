"""The checks of scaled dot-product attention."""

import math

import torch
from torch.nn import functional

from grader.checks import close, equal, finite, gradients, value

FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for inputs in float64 too."""


def test_the_result_has_a_row_for_each_query(scaled_dot_product, randn):
    """Values that are all 1 give an output of ones, in the shape (..., T, V) and dtype of q."""
    kinds = [((), torch.float32), ((2,), torch.float64), ((2, 3), torch.float16)]
    for lead, dtype in [*kinds, ((2, 1, 2, 3), torch.float32), ((1,), torch.bfloat16)]:
        q, k = randn(*lead, 3, 5, dtype=dtype), randn(*lead, 7, 5, dtype=dtype)
        got = scaled_dot_product(q, k, torch.ones(*lead, 7, 2, dtype=dtype))
        want = torch.ones(*lead, 3, 2, dtype=dtype)
        close(
            got,
            want,
            say=f"the weights of a query sum to 1, so an average of ones is 1, in {dtype}",
            **(FLOAT32 if dtype in (torch.float32, torch.float64) else {}),
        )


def test_weights_worked_by_hand(scaled_dot_product):
    """With D = 4, dot products of 0 and 2 log 3 give the weights 1/4 and 3/4."""
    q = torch.tensor([[2.0, 0.0, 0.0, 0.0]])
    k = torch.tensor([[0.0, 1.0, 1.0, 1.0], [math.log(3), 0.0, 0.0, 0.0]])
    v = torch.tensor([[0.0, 4.0], [8.0, 0.0]])
    for dtype in (torch.float32, torch.float16, torch.float64):
        got = scaled_dot_product(*(part.to(dtype) for part in (q, k, v)))
        # Float16 rounds log 3 by 2e-4, and sums of 8 by 4e-3.
        wide = {"atol": 1e-2, "rtol": 0} if dtype == torch.float16 else FLOAT32
        close(got, torch.tensor([[6.0, 1.0]], dtype=dtype), say=f"{dtype}", **wide)


def test_scores_are_divided_by_the_root_of_the_width(scaled_dot_product):
    """A dot product of sqrt(D) log 3 gives a score of log 3, for D = 1, 2, 9 and 100."""
    v = torch.tensor([[0.0, 4.0, 0.0], [8.0, 0.0, 4.0]])
    for width in (1, 2, 9, 100):
        q = torch.full((1, width), width**-0.5)
        k = torch.stack([torch.zeros(width), torch.full((width,), math.log(3))])
        close(scaled_dot_product(q, k, v), torch.tensor([[6.0, 1.0, 3.0]]), say=f"D is {width}")


def test_each_query_weighs_the_keys_for_itself(scaled_dot_product, randn):
    """The output equals the definition, computed query by query."""
    for lead in ((2,), (), (2, 3)):
        q, k, v = randn(*lead, 3, 5), randn(*lead, 7, 5), randn(*lead, 7, 11)
        say = f"q of shape {tuple(q.shape)}, 7 keys, values of dimension 11"
        close(scaled_dot_product(q, k, v), _by_loop(q, k, v), say=say)


def test_any_number_of_queries_and_keys(scaled_dot_product, randn):
    """One query or 131, and one key or 2,500: the output equals PyTorch's attention."""
    for queries, keys in [(1, 1), (1, 7), (7, 1), (131, 65), (2, 2500)]:
        q, k, v = randn(2, queries, 5), randn(2, keys, 5), randn(2, keys, 3)
        want = functional.scaled_dot_product_attention(q, k, v)
        close(scaled_dot_product(q, k, v), want, say=f"{queries} queries and {keys} keys")


def test_true_in_the_mask_means_may_attend(scaled_dot_product, randn):
    """A query that may attend to only one key returns the value of that key."""
    q, k, v = randn(3, 5), randn(3, 5), torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    mask = torch.tensor([[False, True, False], [False, False, True], [True, False, False]])
    equal(scaled_dot_product(q, k, v, mask), v[[1, 2, 0]], say="True is where it may attend")


def test_a_forbidden_key_changes_nothing(scaled_dot_product, randn):
    """A key with mask False has no effect: the output is that of the allowed keys."""
    q, k, v = randn(3, 5), randn(7, 5), randn(7, 2)
    mask = torch.tensor([True, False, True, True, False, True, False])
    k[1], v[1], v[4] = 100.0, 1e6, -1e6
    want = _by_loop(q, k[mask], v[mask])
    close(scaled_dot_product(q, k, v, mask.expand(3, 7)), want)


def test_a_forbidden_key_stays_out_below_any_score(scaled_dot_product):
    """An allowed key gets all the weight if the other is masked, with a score as low as -1e38."""
    mask, v = torch.tensor([[True, False]]), torch.tensor([[3.0], [5.0]])
    for dtype, size in [
        (torch.float32, 1e6),
        (torch.float32, 1e19),
        (torch.float64, 1e19),
        (torch.float16, 240.0),
    ]:
        q, k = torch.tensor([[size]], dtype=dtype), torch.tensor([[-size], [1.0]], dtype=dtype)
        got = scaled_dot_product(q, k, v.to(dtype), mask)
        say = f"the masked key has the weight 0, beside a score of {-size * size:g} in {dtype}"
        equal(got, torch.tensor([[3.0]], dtype=dtype), say=say)


def test_the_mask_broadcasts(scaled_dot_product, randn):
    """A mask may have any shape that broadcasts to (..., T, S)."""
    q, k, v = randn(2, 3, 5, 7), randn(2, 3, 11, 7), randn(2, 3, 11, 2)
    shapes = [(5, 11), (2, 1, 1, 11), (3, 1, 11), (1, 1, 5, 11), (2, 3, 5, 11), (11,), (1, 11)]
    for shape in shapes:
        mask = randn(*shape) > 0
        mask[..., 4] = True  # a key for every query
        whole = mask.expand(2, 3, 5, 11)
        want = functional.scaled_dot_product_attention(q, k, v, attn_mask=whole)
        close(scaled_dot_product(q, k, v, mask), want, say=f"a mask of shape {shape}")
    close(scaled_dot_product(q, k, v, mask=mask), want, say="a mask by its name, mask=")
    want = functional.scaled_dot_product_attention(q, k, v)
    everything = torch.ones(5, 1, dtype=torch.bool)
    close(scaled_dot_product(q, k, v, everything), want, say="a mask of shape (5, 1), all True")
    (q, k, v), mask = (part[0, 0] for part in (q, k, v)), randn(5, 11) > 0
    mask[:, 2] = True
    want = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    close(scaled_dot_product(q, k, v, mask), want, say="no leading dimensions")


def test_the_layout_in_memory_makes_no_difference(scaled_dot_product, randn):
    """Transposed, strided and expanded views give what copies of them give."""
    # As multi-head attention passes them: (B, T, H, D) with tokens and heads transposed.
    turned = [randn(2, tokens, 3, 5).transpose(1, 2) for tokens in (7, 11, 11)]
    strided = [randn(2, 3, tokens, 10)[..., ::2] for tokens in (7, 11, 11)]
    shared = [randn(2, 3, 7, 5), *(randn(2, 1, 11, 5).expand(2, 3, 11, 5) for _ in range(2))]
    mask = (torch.arange(11) <= torch.arange(4, 11).unsqueeze(1)).T.contiguous().T
    for say, (q, k, v) in [("transposed", turned), ("strided", strided), ("expanded", shared)]:
        want = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        close(scaled_dot_product(q, k, v, mask), want, say=f"views that are {say}")


def test_huge_scores_stay_finite(scaled_dot_product):
    """Scores of 10,000 and of 1e38 select one value without NaN or infinity, in float16 too."""
    large = [(torch.float32, 100.0), (torch.float16, 100.0), (torch.float32, 1e19)]
    for dtype, size in [*large, (torch.float16, 240.0), (torch.float64, 1e150)]:
        q = k = torch.tensor([[size], [-size]], dtype=dtype)
        v = torch.tensor([[3.0], [5.0]], dtype=dtype)
        got = scaled_dot_product(q, k, v)
        finite(got, say=f"scores of {size * size:g} in {dtype}")
        close(got, v, say=f"scores of {size * size:g} in {dtype}")
    q, k = torch.tensor([[100.0]]), torch.tensor([[-300.0], [-300.0], [-400.0]])
    got = scaled_dot_product(q, k, torch.tensor([[3.0], [5.0], [7.0]]))
    close(got, torch.tensor([[4.0]]), say="scores of -30,000, -30,000 and -40,000")


def test_the_gradients_are_torchs(scaled_dot_product, randn):
    """The gradients of q, k and v equal those of PyTorch's attention, with a mask."""
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
        close(ours, twin.grad, say=f"the gradient of {name}", **FLOAT32)


def test_the_inputs_stay_as_they_were(scaled_dot_product, randn):
    """Attention does not change q, k, v and the mask."""
    inputs = randn(3, 5), randn(7, 5), randn(7, 2), torch.ones(3, 7, dtype=torch.bool).tril(2)
    before = [part.clone() for part in inputs]
    scaled_dot_product(*inputs)
    for name, part, old in zip(["q", "k", "v", "the mask"], inputs, before, strict=True):
        equal(part, old, say=f"the call changed {name}")


def test_each_call_returns_a_tensor_of_its_own(scaled_dot_product, randn, live, beside):
    """Each call computes anew: results and inputs may be changed without an effect on others."""
    parts = [randn(2, 3, 5), randn(2, 7, 5), randn(2, 7, 2)]
    want = _by_loop(*parts)
    got = beside("builtins.list")(beside("builtins.map")(scaled_dot_product, *parts))
    close(got[0], want[0], say="the first of two results, after the second call")
    close(got[1], want[1], say="the second of two results")
    q, k, v = (live(part.clone()) for part in parts)
    close(scaled_dot_product(q, k, v), want)
    k.mul_(-1)
    want = _by_loop(parts[0], -parts[1], parts[2])
    close(scaled_dot_product(q, k, v), want, say="the same tensors again, with negated keys")
    v = live(torch.tensor([[3.0, 4.0]]))
    results = beside("builtins.map")(scaled_dot_product, [parts[0][0]], [parts[1][0, :1]], [v])
    beside("builtins.list")(beside("builtins.map")(beside("torch.zero_"), results))
    equal(value(v), torch.tensor([[3.0, 4.0]]), say="the result was set to 0, and v with it")


def _by_loop(q, k, v):
    """Return attention by the definition, without a mask."""
    if q.dim() > 2:
        return torch.stack([_by_loop(*parts) for parts in zip(q, k, v, strict=True)])
    rows = []
    for query in q:
        scores = [math.fsum((query * key).tolist()) / math.sqrt(len(query)) for key in k]
        weights = [math.exp(score - max(scores)) for score in scores]
        rows.append(sum(w * value for w, value in zip(weights, v, strict=True)) / sum(weights))
    return torch.stack(rows)
