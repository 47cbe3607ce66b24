"""The checks of grouped-query attention."""

import math

import pytest
import torch
from torch.nn import functional

from grader.checks import close, equal, gradients, holds, shaped, value

LAYERS = ("query", "key", "value", "out")
FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for inputs in float64 too."""


def test_keys_and_values_are_made_for_fewer_heads(GroupedQueryAttention, beside):
    """For width 12, 6 heads and 3 key-value heads the weights of key and value are (6, 12)."""
    linear = beside("torch.nn.Linear")
    for given, small in [((3,), 6), ((1,), 2), ((6,), 12), ((3, 100.0), 6)]:
        layer = GroupedQueryAttention(12, 6, *given)
        parts = [getattr(layer, name) for name in LAYERS]
        kinds = [beside("builtins.isinstance")(part, linear) for part in parts]
        equal(kinds, [True] * 4, say="query, key, value and out are nn.Linear layers")
        equal([part.weight.requires_grad for part in parts], [True] * 4, say="weights are trained")
        shapes = {name: tuple(part.shape) for name, part in value(layer.named_parameters())}
        want = {"query.weight": (12, 12), "key.weight": (small, 12)}
        want |= {"value.weight": (small, 12), "out.weight": (12, 12)}
        equal(shapes, want, say=f"the parameters of GroupedQueryAttention{(12, 6, *given)}")


def test_the_result_has_the_shape_and_dtype_of_x(GroupedQueryAttention, randn):
    """The result has the shape and dtype of x, for any sequence length."""
    for base in (None, 100.0):
        layer = GroupedQueryAttention(12, 6, 3, base)
        for batch, tokens in [(2, 7), (7, 2), (1, 1), (1, 131)]:
            say = f"{batch} sequences of {tokens} tokens, base {base}"
            shaped(layer(randn(batch, tokens, 12)), (batch, tokens, 12), torch.float32, say=say)
        for dtype in (torch.float64, torch.float16, torch.bfloat16):
            got = layer.to(dtype)(randn(2, 7, 12, dtype=dtype))
            shaped(got, (2, 7, 12), dtype, say=f"x and weights in {dtype}, base {base}")


def test_neighbours_share_by_hand(GroupedQueryAttention):
    """With 4 query heads and 2 key-value heads, query heads 0 and 1 read the first value."""
    layer = GroupedQueryAttention(4, 4, 2)
    values = torch.tensor([[3.0, 0.0, 0.0, 0.0], [0.0, 5.0, 0.0, 0.0]])
    _load(layer, [torch.eye(4), torch.zeros(2, 4), values, torch.eye(4)])
    got = layer(torch.tensor([[[1.0, 1.0, 0.0, 0.0]]]))
    close(got, torch.tensor([[[3.0, 3.0, 5.0, 5.0]]]), say="heads 0, 1 and then heads 2, 3")


def test_each_head_reads_the_keys_of_its_group(GroupedQueryAttention, randn):
    """For every number of key-value heads the result equals the heads computed one by one."""
    for heads, kv_heads in [(6, 3), (6, 2), (6, 1), (6, 6), (2, 1), (4, 2), (12, 4)]:
        layer, x, weights = _drawn(GroupedQueryAttention, randn, heads, kv_heads)
        want = _head_by_head(x, heads, kv_heads, weights)
        close(layer(x), want, say=f"{heads} heads, {kv_heads} key-value heads", **FLOAT32)


def test_scores_are_divided_by_the_root_of_a_heads_width(GroupedQueryAttention):
    """With head dimension 4, a dot product of 2 log 3 gives the weights 1/4 and 3/4."""
    layer = GroupedQueryAttention(8, 2, 1)
    query, key = torch.zeros(8, 8), torch.zeros(4, 8)
    query[0, 1], key[0, 1] = 2 * math.log(3), 1.0
    _load(layer, [query, key, torch.eye(8)[:4], torch.eye(8)])
    got = layer(torch.eye(8)[:2].unsqueeze(0))
    # Head 0 has a query; that of head 1 is zero, so it averages the same values.
    want = torch.zeros(1, 2, 8)
    want[0, 0, 0] = want[0, 0, 4] = 1.0
    want[0, 1] = torch.tensor([0.25, 0.75, 0.0, 0.0, 0.5, 0.5, 0.0, 0.0])
    close(got, want, say="D is 4, so scores are divided by 2")


def test_large_scores_choose_one_token(GroupedQueryAttention, randint):
    """Scores of 1,000,000 and -1,000,000 give what the definition gives, without NaN."""
    # Whole numbers, so that every score is exact in float32: D is 4, and its root 2.
    x, key = 8 * randint(1, 10, 2, 7, 8).float(), randint(-4, 5, 4, 8).float()
    rest = [randint(-4, 5, 4, 8).float(), randint(-4, 5, 8, 8).float()]
    for sign in (1, -1):  # a token's score with itself is large, or far below 0
        weights = [sign * key.repeat(2, 1), key, *rest]
        got = _load(GroupedQueryAttention(8, 2, 1), weights)(x)
        say = f"query.weight is {sign} times key.weight, twice"
        close(got, _head_by_head(x, 2, 1, weights), say=say)


def test_queries_and_keys_are_rotated_and_values_are_not(GroupedQueryAttention, randn):
    """With a base, queries and keys of every head are rotated by their position; values are not."""
    for heads, kv_heads, base in [(3, 1, 10_000.0), (3, 3, 7.0), (6, 2, 100.0), (1, 1, 500.0)]:
        layer, x, weights = _drawn(GroupedQueryAttention, randn, heads, kv_heads, base)
        want = _head_by_head(x, heads, kv_heads, weights, base)
        # Angles may be taken in float32: an error of 1e-7 for each of six tokens and 12 numbers.
        say = f"{heads} heads, {kv_heads} key-value heads, base {base}"
        close(layer(x), want, atol=1e-4, rtol=1e-5, say=say)


def test_future_tokens_never_change_an_earlier_output(GroupedQueryAttention, randn):
    """Changing token 4 leaves the outputs of tokens 0 to 3 unchanged."""
    for base in (None, 100.0):
        layer, x, _ = _drawn(GroupedQueryAttention, randn, 6, 3, base)
        x = x / 4  # small scores: no weight is rounded to 0
        changed = x.clone()
        changed[:, 4] += 1.0
        before, after = layer(x), layer(changed)
        close(after[:, :4], before[:, :4], say="outputs 0 to 3 may not depend on token 4")
        moved = (after[:, 4:] - before[:, 4:]).abs().amax(dim=2) > 0
        holds(bool(moved.all()), "the outputs of tokens 4 to 6 depend on token 4", got=after)


def test_the_layout_in_memory_makes_no_difference(GroupedQueryAttention, randn):
    """An x that is a transposed, strided or expanded view gives what a copy of it gives."""
    for base in (None, 100.0):
        layer, _, weights = _drawn(GroupedQueryAttention, randn, 3, 1, base)
        weights, layer = [part.float() for part in weights], layer.float()
        views = {
            "transposed": randn(7, 2, 12).transpose(0, 1),
            "with its features transposed": randn(2, 12, 7).mT,
            "strided": randn(2, 14, 12)[:, ::2],
            "expanded": randn(1, 7, 12).expand(2, 7, 12),
        }
        for say, x in views.items():
            want = _head_by_head(x, 3, 1, weights, base)
            close(layer(x), want, atol=1e-4, rtol=1e-4, say=f"a view that is {say}")


def test_each_call_computes_anew(GroupedQueryAttention, randn, live):
    """The output follows the weights and x as they are at the call, whatever came before."""
    layer, x, first = _drawn(GroupedQueryAttention, randn, 6, 2)
    second = [part.flip(0) for part in first]
    close(layer(x), _head_by_head(x, 6, 2, first), **FLOAT32)
    _load(layer, second)
    want = _head_by_head(x, 6, 2, second)
    close(layer(x), want, say="after other weights were loaded", **FLOAT32)
    kept = live(x.clone())
    close(layer(kept), want, **FLOAT32)
    kept.mul_(-1)
    want = _head_by_head(-x, 6, 2, second)
    close(layer(kept), want, say="the same tensor, negated since the last call", **FLOAT32)


def test_a_sequence_is_the_same_alone_and_in_company(GroupedQueryAttention, randn):
    """A sequence gives the same alone and in a batch, in training and evaluation mode."""
    for base in (None, 100.0):
        layer, x, _ = _drawn(GroupedQueryAttention, randn, 6, 2, base)
        together = layer(x.clone())
        layer.eval()
        for i in range(2):
            say = f"sequence {i} alone, after eval()"
            close(layer(x[i : i + 1].clone()), together[i : i + 1], say=say)


def test_heads_that_cannot_be_shared_out_are_refused(GroupedQueryAttention):
    """Heads that do not divide width, or key-value heads that do not divide heads, raise."""
    sizes = [(6, 4, 2), (12, 6, 4), (12, 4, 8), (10, 4, 4), (6, 3, 2), (6, 1, 2)]
    for width, heads, kv_heads in sizes:
        with pytest.raises(ValueError):
            GroupedQueryAttention(width, heads, kv_heads)


def test_x_stays_as_it_was(GroupedQueryAttention, randn):
    """Grouped-query attention returns a new tensor and does not change its input."""
    x = randn(2, 7, 12)
    before = x.clone()
    GroupedQueryAttention(12, 6, 3, 100.0)(x)
    equal(x, before, say="the call changed its input x; return a new tensor")


def test_the_gradients_are_torchs(GroupedQueryAttention, randn):
    """The gradients of x and of the weights equal those of the heads one by one."""
    for heads, kv_heads, base in [(6, 2, None), (3, 1, 100.0)]:
        layer, x, weights = _drawn(GroupedQueryAttention, randn, heads, kv_heads, base)
        upstream = randn(2, 7, 12, dtype=torch.float64)
        (got,) = gradients(layer, x, upstream=upstream)
        x, *twins = (part.clone().requires_grad_() for part in (x, *weights))
        (_head_by_head(x, heads, kv_heads, twins, base) * upstream).sum().backward()
        # RoPE's angles may be taken in float32.
        wide = FLOAT32 if base is None else {"atol": 1e-4, "rtol": 1e-4}
        close(got, x.grad, say=f"the gradient of x, base {base}", **wide)
        for name, twin in zip(LAYERS, twins, strict=True):
            say = f"the gradient of {name}.weight, base {base}"
            close(getattr(layer, name).weight.grad, twin.grad, say=say, **wide)


def test_a_sequence_of_any_length_is_served(GroupedQueryAttention, randn):
    """In a sequence of 2,100 tokens, first, middle and last ones are what the definition gives."""
    x, weights = randn(1, 2100, 8), [randn(rows, 8) / 2 for rows in (8, 4, 4, 8)]
    got = _load(GroupedQueryAttention(8, 2, 1, 100.0), weights)(x)
    shaped(got, (1, 2100, 8), torch.float32)
    q, k, v = (functional.linear(x, weight) for weight in weights[:3])
    q, k = torch.cat([_rotated(part, 100.0) for part in q.chunk(2, dim=2)]), _rotated(k, 100.0)
    for t in (0, 63, 64, 513, 1024, 2047, 2048, 2099):
        k_seen, v_seen = (part[:, : t + 1].expand(2, -1, -1) for part in (k, v))
        read = functional.scaled_dot_product_attention(q[:, [t]], k_seen, v_seen)
        want = functional.linear(read.reshape(1, 1, 8), weights[3])
        # At position 2,000 an angle in float32 is off by 1e-4, and a score by ten times as much.
        close(got[:, [t]], want, atol=5e-3, rtol=1e-3, say=f"token {t} of 2,100, base 100")


def _drawn(GroupedQueryAttention, randn, heads, kv_heads, *base):
    """Return a layer of width 12 in float64, two sequences of 7 tokens, and its weights."""
    small = 12 // heads * kv_heads
    weights = [randn(rows, 12, dtype=torch.float64) / 3 for rows in (12, small, small, 12)]
    layer = GroupedQueryAttention(12, heads, kv_heads, *base).double()
    return _load(layer, weights), randn(2, 7, 12, dtype=torch.float64), weights


def _load(layer, weights):
    """Return the layer with these weights of query, key, value and out."""
    named = {f"{name}.weight": part for name, part in zip(LAYERS, weights, strict=True)}
    layer.load_state_dict(named, strict=False)
    return layer


def _head_by_head(x, heads, kv_heads, weights, base=None):
    """Return grouped-query attention by the definition: PyTorch's, one head at a time."""
    size = x.shape[2] // heads
    q, k, v = (functional.linear(x, weight).split(size, dim=2) for weight in weights[:3])
    if base is not None:
        q, k = ([_rotated(part, base) for part in parts] for parts in (q, k))
    read = []
    for h in range(heads):
        g = h // (heads // kv_heads)
        read.append(functional.scaled_dot_product_attention(q[h], k[g], v[g], is_causal=True))
    return functional.linear(torch.cat(read, dim=2), weights[3])


def _rotated(x, base):
    """Return x rotated by RoPE's definition, in float64."""
    half = x.shape[2] // 2
    speeds = torch.tensor([base ** (-2 * j / x.shape[2]) for j in range(half)]).double()
    angles = torch.arange(x.shape[1]).double().unsqueeze(1) * speeds
    cos, sin, (a, b) = angles.cos(), angles.sin(), x.double().chunk(2, dim=2)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=2).to(x.dtype)
