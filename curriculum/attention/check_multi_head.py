"""The checks of multi-head attention."""

import math

import pytest
import torch
from torch.nn import functional

from grader.checks import close, equal, gradients, holds, shaped, value

LAYERS = ("query", "key", "value", "out")
FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for inputs in float64 too."""


def test_the_parameters_are_four_weights_and_four_biases(MultiHeadAttention, beside):
    """For width 6 there are four weights (6, 6) and by default four biases (6,)."""
    linear = beside("torch.nn.Linear")
    for given, bias in [((True,), True), ((False,), False), ((), True)]:
        layer = MultiHeadAttention(6, 3, *given)
        parts = [getattr(layer, name) for name in LAYERS]
        kinds = [beside("builtins.isinstance")(part, linear) for part in parts]
        equal(kinds, [True] * 4, say="query, key, value and out are nn.Linear layers")
        equal([part.weight.requires_grad for part in parts], [True] * 4, say="weights are trained")
        shapes = {name: tuple(part.shape) for name, part in value(layer.named_parameters())}
        want = {f"{name}.weight": (6, 6) for name in LAYERS}
        want |= {f"{name}.bias": (6,) for name in LAYERS if bias}
        equal(shapes, want, say=f"the parameters of MultiHeadAttention{(6, 3, *given)}")


def test_the_result_has_the_shape_and_dtype_of_x(MultiHeadAttention, randn):
    """The result has the shape and dtype of x, for any sequence length."""
    layer = MultiHeadAttention(6, 3)
    for batch, tokens in [(2, 7), (7, 2), (1, 1), (1, 131)]:
        say = f"{batch} sequences of {tokens} tokens"
        shaped(layer(randn(batch, tokens, 6)), (batch, tokens, 6), torch.float32, say=say)
    for dtype in (torch.float64, torch.float16, torch.bfloat16):
        got = layer.to(dtype)(randn(2, 7, 6, dtype=dtype))
        shaped(got, (2, 7, 6), dtype, say=f"x and parameters in {dtype}")


def test_two_heads_by_hand(MultiHeadAttention):
    """Head 0 attends to token 0 and head 1 to token 1; each returns its own half."""
    layer = MultiHeadAttention(4, 2, bias=False)
    query, key, same = torch.zeros(4, 4), torch.zeros(4, 4), torch.eye(4)
    query[[0, 2]] = 100.0  # beside a score of 200 the other weight is 0
    key[0, 0], key[2, 3] = 1.0, 1.0  # head 0 finds token [1, 2, 0, 0], head 1 [0, 0, 3, 1]
    _load(layer, [query, key, same, same])
    got = layer(torch.tensor([[[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 1.0]]]))
    want = torch.tensor([[[1.0, 2.0, 0.0, 0.0], [1.0, 2.0, 3.0, 1.0]]])
    close(got, want, say="token 1 reads [1, 2] of token 0 in head 0, and [3, 1] in head 1")


def test_scores_are_divided_by_the_root_of_a_heads_width(MultiHeadAttention):
    """With head dimension 4, a dot product of 2 log 3 gives the weights 1/4 and 3/4."""
    layer = MultiHeadAttention(8, 2, bias=False)
    query, key, same = torch.zeros(8, 8), torch.zeros(8, 8), torch.eye(8)
    query[0, 1], key[0, 1] = 2 * math.log(3), 1.0
    _load(layer, [query, key, same, same])
    got = layer(torch.eye(8)[:2].unsqueeze(0))
    # Head 0 has features 0 to 3: its second token gets 1/4 of token 0 and 3/4 of token 1.
    want = torch.zeros(1, 2, 8)
    want[0, 0, 0], want[0, 1, 0], want[0, 1, 1] = 1.0, 0.25, 0.75
    close(got, want, say="D is 4, so scores are divided by 2")


def test_each_head_attends_with_its_own_numbers(MultiHeadAttention, randn):
    """For 1 to 16 heads the result equals the heads one by one, combined by out."""
    for width, heads in [(6, 1), (6, 2), (6, 3), (6, 6), (32, 16), (1, 1)]:
        x, weights = randn(2, 5, width, dtype=torch.float64), randn(4, width, width).double()
        biases = randn(4, width, dtype=torch.float64)
        layer = _load(MultiHeadAttention(width, heads).double(), weights, biases)
        want = _head_by_head(x, heads, weights, biases)
        close(layer(x), want, say=f"width {width}, {heads} heads", **FLOAT32)


def test_without_bias_it_is_the_weights_alone(MultiHeadAttention, randn):
    """With bias=False an input of zeros gives zeros, and any other only what the weights give."""
    x, weights = randn(2, 5, 6, dtype=torch.float64), randn(4, 6, 6, dtype=torch.float64)
    layer = _load(MultiHeadAttention(6, 2, bias=False).double(), weights)
    want = _head_by_head(x, 2, weights, torch.zeros(4, 6, dtype=torch.float64))
    close(layer(x), want, **FLOAT32)
    equal(layer(0 * x), 0 * x, say="an input of zeros")


def test_large_scores_choose_one_token(MultiHeadAttention, randint):
    """Scores of 1,000,000 and -1,000,000 give what the definition gives, without NaN."""
    # Whole numbers, so that every score is exact in float32: D is 4, and its root 2.
    x, weights = 8 * randint(1, 10, 2, 7, 8).float(), randint(-4, 5, 4, 8, 8).float()
    for sign in (1, -1):
        weights[0] = sign * weights[1]  # a token's score with itself is large, or far below 0
        layer = _load(MultiHeadAttention(8, 2, bias=False), weights)
        want = _head_by_head(x, 2, weights, torch.zeros(4, 8))
        close(layer(x), want, say=f"query.weight is {sign} times key.weight")


def test_future_tokens_never_change_an_earlier_output(MultiHeadAttention, randn):
    """Changing token 4 leaves the outputs of tokens 0 to 3 unchanged."""
    layer = _load(MultiHeadAttention(6, 3), randn(4, 6, 6), randn(4, 6))
    x = randn(2, 7, 6) / 4  # small scores: no weight is rounded to 0
    changed = x.clone()
    changed[:, 4] += 1.0
    before, after = layer(x), layer(changed)
    close(after[:, :4], before[:, :4], say="outputs 0 to 3 may not depend on token 4")
    moved = (after[:, 4:] - before[:, 4:]).abs().amax(dim=2) > 0
    holds(bool(moved.all()), "the outputs of tokens 4 to 6 depend on token 4", got=after)


def test_a_sequence_is_the_same_alone_and_in_company(MultiHeadAttention, randn):
    """A sequence gives the same alone and in a batch, in training and evaluation mode."""
    layer = _load(MultiHeadAttention(6, 3), randn(4, 6, 6), randn(4, 6))
    x = randn(3, 7, 6)
    together = layer(x.clone())
    layer.eval()
    for i in range(3):
        close(
            layer(x[i : i + 1].clone()),
            together[i : i + 1],
            say=f"sequence {i} alone, after eval()",
        )


def test_heads_that_do_not_divide_the_width_are_refused(MultiHeadAttention):
    """Width 6 with 4 heads, 5 with 2 and 3 with 6 raise ValueError."""
    for width, heads in [(6, 4), (5, 2), (3, 6), (1, 2), (64, 48)]:
        with pytest.raises(ValueError):
            MultiHeadAttention(width, heads)


def test_the_layout_in_memory_makes_no_difference(MultiHeadAttention, randn):
    """An x that is a transposed, strided or expanded view gives what a copy of it gives."""
    weights, biases = randn(4, 6, 6) / 2, randn(4, 6) / 2
    layer = _load(MultiHeadAttention(6, 3), weights, biases)
    views = {
        "transposed": randn(7, 2, 6).transpose(0, 1),
        "with its features transposed": randn(2, 6, 7).mT,
        "strided": randn(2, 14, 6)[:, ::2],
        "expanded": randn(1, 7, 6).expand(2, 7, 6),
    }
    for say, x in views.items():
        want = _head_by_head(x, 3, weights, biases)
        close(layer(x), want, say=f"a view that is {say}", **FLOAT32)


def test_each_call_computes_anew(MultiHeadAttention, randn, live):
    """The output follows the parameters and x as they are at the call, whatever came before."""
    (first, second), biases = randn(2, 4, 6, 6) / 2, randn(2, 4, 6) / 2
    x = randn(2, 7, 6)
    layer = _load(MultiHeadAttention(6, 3), first, biases[0])
    close(layer(x), _head_by_head(x, 3, first, biases[0]))
    _load(layer, second, biases[1])
    want = _head_by_head(x, 3, second, biases[1])
    close(layer(x), want, say="after other parameters were loaded")
    kept = live(x.clone())
    close(layer(kept), want)
    kept.mul_(-1)
    want = _head_by_head(-x, 3, second, biases[1])
    close(layer(kept), want, say="the same tensor, negated since the last call")


def test_x_stays_as_it_was(MultiHeadAttention, randn):
    """Multi-head attention returns a new tensor and does not change its input."""
    x = randn(2, 7, 6)
    before = x.clone()
    MultiHeadAttention(6, 3)(x)
    equal(x, before, say="the call changed its input x; return a new tensor")


def test_the_gradients_are_torchs(MultiHeadAttention, randn):
    """The gradients of x and of all parameters equal those of nn.MultiheadAttention."""
    double = torch.float64
    x, upstream = randn(2, 5, 6, dtype=double), randn(2, 5, 6, dtype=double)
    weights, biases = randn(4, 6, 6, dtype=double), randn(4, 6, dtype=double)
    layer = _load(MultiHeadAttention(6, 3).double(), weights, biases)
    (got,) = gradients(layer, x, upstream=upstream)
    twin = torch.nn.MultiheadAttention(6, 3, batch_first=True, dtype=double)
    twin.in_proj_weight.data = weights[:3].flatten(0, 1)
    twin.in_proj_bias.data = biases[:3].flatten(0, 1)
    twin.out_proj.weight.data, twin.out_proj.bias.data = weights[3], biases[3]
    x = x.clone().requires_grad_()
    future = torch.ones(5, 5, dtype=torch.bool).triu(1)
    (twin(x, x, x, attn_mask=future, need_weights=False)[0] * upstream).sum().backward()
    close(got, x.grad, say="the gradient of x", **FLOAT32)
    joined = (*twin.in_proj_weight.grad.chunk(3), twin.out_proj.weight.grad)
    moved = (*twin.in_proj_bias.grad.chunk(3), twin.out_proj.bias.grad)
    for name, weight, bias in zip(LAYERS, joined, moved, strict=True):
        part, say = getattr(layer, name), f"the gradient of {name}"
        close(part.weight.grad, weight, say=f"{say}.weight", **FLOAT32)
        close(part.bias.grad, bias, say=f"{say}.bias", **FLOAT32)


def test_a_sequence_of_any_length_is_served(MultiHeadAttention, randn):
    """In a sequence of 2,100 tokens, first, middle and last ones are what the definition gives."""
    x, weights = randn(1, 2100, 2), randn(4, 2, 2)
    got = _load(MultiHeadAttention(2, 2, bias=False), weights)(x)
    shaped(got, (1, 2100, 2), torch.float32)
    for t in (0, 63, 64, 513, 1024, 2047, 2048, 2099):
        # Of the last token alone, since the table of all takes longer.
        want = _last_token(x[:, : t + 1], weights)
        close(got[:, [t]], want, say=f"token {t} of 2,100")


def _load(layer, weights, biases=()):
    """Return the layer with these weights and biases of query, key, value and out."""
    named = {f"{name}.weight": part for name, part in zip(LAYERS, weights, strict=True)}
    named |= {f"{name}.bias": part for name, part in zip(LAYERS, biases, strict=False)}
    layer.load_state_dict(named, strict=False)
    return layer


def _head_by_head(x, heads, weights, biases):
    """Return multi-head attention by the definition: PyTorch's, one head at a time."""
    parts = [functional.linear(x, *part) for part in zip(weights, biases, strict=True)][:3]
    size = x.shape[2] // heads
    read = []
    for h in range(heads):
        own = (part[:, :, h * size : (h + 1) * size] for part in parts)
        read.append(functional.scaled_dot_product_attention(*own, is_causal=True))
    return functional.linear(torch.cat(read, dim=2), weights[3], biases[3])


def _last_token(x, weights):
    """Return what the last token of x gets in heads of dimension 1, without biases."""
    q, k, v = (functional.linear(x, weight).mT.unsqueeze(3) for weight in weights[:3])
    read = functional.scaled_dot_product_attention(q[:, :, -1:], k, v)
    return functional.linear(read.squeeze(3).mT, weights[3])
