"""What is asked of grouped-query attention."""

import math

import pytest
import torch
from torch.nn import functional

from grader.engine.expect import close, equal, holds, shaped
from grader.engine.side import gradients, value

LAYERS = ("query", "key", "value", "out")


def test_keys_and_values_are_made_for_fewer_heads(GroupedQueryAttention):
    """For width 12, 6 heads and 3 key-value heads the weights of key and value are (6, 12)."""
    for kv_heads, small in [(3, 6), (1, 2), (6, 12)]:
        layer = GroupedQueryAttention(12, 6, kv_heads)
        shapes = {name: tuple(part.shape) for name, part in value(layer.named_parameters())}
        want = {"query.weight": (12, 12), "key.weight": (small, 12)}
        want |= {"value.weight": (small, 12), "out.weight": (12, 12)}
        equal(shapes, want, say=f"the parameters for {kv_heads} key-value heads, without biases")
        learnt = [getattr(layer, name).weight.requires_grad for name in LAYERS]
        equal(learnt, [True] * 4, say="the weights require a gradient")


def test_the_result_has_the_shape_and_dtype_of_x(GroupedQueryAttention, randn):
    """The result has the shape and the dtype of x, for any length of sequence."""
    for base in (None, 100.0):
        layer = GroupedQueryAttention(12, 6, 3, base)
        for batch, tokens in [(2, 7), (7, 2), (1, 1), (1, 131)]:
            say = f"{batch} sequences of {tokens} tokens, base {base}"
            shaped(layer(randn(batch, tokens, 12)), (batch, tokens, 12), torch.float32, say=say)
        double = layer.double()(randn(2, 7, 12, dtype=torch.float64))
        shaped(double, (2, 7, 12), torch.float64, say="float64 with weights in float64")


def test_neighbours_share_by_hand(GroupedQueryAttention):
    """With 4 heads of one number and 2 key-value heads, heads 0 and 1 read the first value."""
    layer = GroupedQueryAttention(4, 4, 2)
    values = torch.tensor([[3.0, 0.0, 0.0, 0.0], [0.0, 5.0, 0.0, 0.0]])
    _load(layer, [torch.eye(4), torch.zeros(2, 4), values, torch.eye(4)])
    got = layer(torch.tensor([[[1.0, 1.0, 0.0, 0.0]]]))
    close(got, torch.tensor([[[3.0, 3.0, 5.0, 5.0]]]), say="heads 0, 1 and then heads 2, 3")


def test_each_head_reads_the_keys_of_its_group(GroupedQueryAttention, randn):
    """For every number of key-value heads the result is that of the heads one by one."""
    for heads, kv_heads in [(6, 3), (6, 2), (6, 1), (6, 6), (2, 1)]:
        layer, x, weights = _drawn(GroupedQueryAttention, randn, heads, kv_heads)
        want = _head_by_head(x, heads, kv_heads, weights)
        close(layer(x), want, say=f"{heads} heads, {kv_heads} key-value heads")


def test_scores_are_divided_by_the_root_of_a_heads_width(GroupedQueryAttention):
    """With heads of four numbers a product of 2 log 3 gives weights of 1/4 and 3/4."""
    layer = GroupedQueryAttention(8, 2, 1)
    query, key = torch.zeros(8, 8), torch.zeros(4, 8)
    query[0, 1], key[0, 1] = 2 * math.log(3), 1.0
    _load(layer, [query, key, torch.eye(8)[:4], torch.eye(8)])
    got = layer(torch.eye(8)[:2].unsqueeze(0))
    # Head 0 asks; head 1 has a query of zeros and reads the same values alike.
    want = torch.zeros(1, 2, 8)
    want[0, 0, 0] = want[0, 0, 4] = 1.0
    want[0, 1] = torch.tensor([0.25, 0.75, 0.0, 0.0, 0.5, 0.5, 0.0, 0.0])
    close(got, want, say="D is 4 and its root 2")


def test_queries_and_keys_are_turned_and_values_are_not(GroupedQueryAttention, randn):
    """With a base every head's queries and keys are turned by their token's place."""
    for heads, kv_heads, base in [(3, 1, 10_000.0), (3, 3, 7.0), (6, 2, 100.0), (1, 1, 500.0)]:
        layer, x, weights = _drawn(GroupedQueryAttention, randn, heads, kv_heads, base)
        want = _head_by_head(x, heads, kv_heads, weights, base)
        # Angles may be taken in float32: an error of 1e-7 for each of six tokens and 12 numbers.
        say = f"{heads} heads, {kv_heads} key-value heads, base {base}"
        close(layer(x), want, atol=1e-4, rtol=1e-5, say=say)


def test_future_tokens_never_change_an_earlier_output(GroupedQueryAttention, randn):
    """Changing token 4 leaves the outputs of tokens 0 to 3 as they were."""
    for base in (None, 100.0):
        layer, x, _ = _drawn(GroupedQueryAttention, randn, 6, 3, base)
        x = x / 4  # small scores: no weight is rounded to 0
        changed = x.clone()
        changed[:, 4] += 1.0
        before, after = layer(x), layer(changed)
        close(after[:, :4], before[:, :4], say="a change in token 4 reached a token before it")
        moved = (after[:, 4:] - before[:, 4:]).abs().amax(dim=2) > 0
        holds(bool(moved.all()), "tokens 4 to 6 read token 4", got=after)


def test_a_sequence_is_the_same_alone_and_in_company(GroupedQueryAttention, randn):
    """Each sequence gives what it gives alone, in training and in evaluation."""
    for base in (None, 100.0):
        layer, x, _ = _drawn(GroupedQueryAttention, randn, 6, 2, base)
        together = layer(x.clone())
        layer.eval()
        for i in range(2):
            say = f"sequence {i} alone, after eval()"
            close(layer(x[i : i + 1].clone()), together[i : i + 1], say=say)


def test_heads_that_cannot_be_shared_out_are_refused(GroupedQueryAttention):
    """Heads that do not divide the width, or key-value heads the heads, raise ValueError."""
    for width, heads, kv_heads in [(6, 4, 2), (12, 6, 4), (12, 4, 8), (10, 4, 4), (6, 3, 2)]:
        with pytest.raises(ValueError):
            GroupedQueryAttention(width, heads, kv_heads)


def test_x_stays_as_it_was(GroupedQueryAttention, randn):
    """Grouped-query attention gives a new tensor and leaves its input alone."""
    x = randn(2, 7, 12)
    before = x.clone()
    GroupedQueryAttention(12, 6, 3, 100.0)(x)
    equal(x, before, say="the input has changed")


def test_the_gradients_are_torchs(GroupedQueryAttention, randn):
    """The gradients of x and of the weights are those of the heads one by one."""
    layer, x, weights = _drawn(GroupedQueryAttention, randn, 6, 2)
    upstream = randn(2, 7, 12, dtype=torch.float64)
    (got,) = gradients(layer, x, upstream=upstream)
    x, *twins = (part.clone().requires_grad_() for part in (x, *weights))
    (_head_by_head(x, 6, 2, twins) * upstream).sum().backward()
    close(got, x.grad, say="the gradient of x")
    for name, twin in zip(LAYERS, twins, strict=True):
        close(getattr(layer, name).weight.grad, twin.grad, say=f"the gradient of {name}.weight")


def _drawn(GroupedQueryAttention, randn, heads, kv_heads, *base):
    """A layer of width 12 in float64, two sequences of 7 tokens, and the layer's weights."""
    small = 12 // heads * kv_heads
    weights = [randn(rows, 12, dtype=torch.float64) / 3 for rows in (12, small, small, 12)]
    layer = GroupedQueryAttention(12, heads, kv_heads, *base).double()
    return _load(layer, weights), randn(2, 7, 12, dtype=torch.float64), weights


def _load(layer, weights):
    """The layer with these weights of query, key, value and out."""
    named = {f"{name}.weight": part for name, part in zip(LAYERS, weights, strict=True)}
    layer.load_state_dict(named, strict=False)
    return layer


def _head_by_head(x, heads, kv_heads, weights, base=None):
    """Grouped-query attention by the definition: PyTorch's attention, one head at a time."""
    size = x.shape[2] // heads
    q, k, v = (functional.linear(x, weight).split(size, dim=2) for weight in weights[:3])
    if base is not None:
        q, k = ([_turned(part, base) for part in parts] for parts in (q, k))
    read = []
    for h in range(heads):
        g = h // (heads // kv_heads)
        read.append(functional.scaled_dot_product_attention(q[h], k[g], v[g], is_causal=True))
    return functional.linear(torch.cat(read, dim=2), weights[3])


def _turned(x, base):
    """Rotary positions by the definition, one token after the other."""
    half = x.shape[2] // 2
    speeds = torch.tensor([base ** (-2 * j / x.shape[2]) for j in range(half)], dtype=x.dtype)
    turned = torch.empty_like(x)
    for t in range(x.shape[1]):
        cos, sin, a, b = (t * speeds).cos(), (t * speeds).sin(), x[:, t, :half], x[:, t, half:]
        turned[:, t] = torch.cat([a * cos - b * sin, b * cos + a * sin], dim=1)
    return turned
