"""What is asked of multi-head attention."""

import math

import pytest
import torch
from torch.nn import functional

from grader.engine.expect import close, equal, holds, shaped
from grader.engine.side import gradients, value

LAYERS = ("query", "key", "value", "out")


def test_the_parameters_are_four_weights_and_four_biases(MultiHeadAttention):
    """For width 6 there are four weights (6, 6) and, unless told otherwise, four biases (6,)."""
    for given, bias in [((), True), ((True,), True), ((False,), False)]:
        layer = MultiHeadAttention(6, 3, *given)
        shapes = {name: tuple(part.shape) for name, part in value(layer.named_parameters())}
        want = {f"{name}.weight": (6, 6) for name in LAYERS}
        want |= {f"{name}.bias": (6,) for name in LAYERS if bias}
        equal(shapes, want, say=f"the parameters {'with' if bias else 'without'} bias")
        learnt = [getattr(layer, name).weight.requires_grad for name in LAYERS]
        equal(learnt, [True] * 4, say="the weights require a gradient")


def test_the_result_has_the_shape_and_dtype_of_x(MultiHeadAttention, randn):
    """The result has the shape and the dtype of x, for any length of sequence."""
    layer = MultiHeadAttention(6, 3)
    for batch, tokens in [(2, 7), (7, 2), (1, 1), (1, 131)]:
        say = f"{batch} sequences of {tokens} tokens"
        shaped(layer(randn(batch, tokens, 6)), (batch, tokens, 6), torch.float32, say=say)
    double = layer.double()(randn(2, 7, 6, dtype=torch.float64))
    shaped(double, (2, 7, 6), torch.float64, say="float64 with parameters in float64")


def test_two_heads_by_hand(MultiHeadAttention):
    """Head 0 is sure of token 0 and head 1 of token 1: each hands over its own half."""
    layer = MultiHeadAttention(4, 2, bias=False)
    query, key, same = torch.zeros(4, 4), torch.zeros(4, 4), torch.eye(4)
    query[[0, 2]] = 100.0  # a lead of 200 and more leaves nothing for the other token
    key[0, 0], key[2, 3] = 1.0, 1.0  # head 0 finds token [1, 2, 0, 0], head 1 [0, 0, 3, 1]
    _load(layer, [query, key, same, same])
    got = layer(torch.tensor([[[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 1.0]]]))
    want = torch.tensor([[[1.0, 2.0, 0.0, 0.0], [1.0, 2.0, 3.0, 1.0]]])
    close(got, want, say="token 1 reads [1, 2] of token 0 in head 0, and [3, 1] in head 1")


def test_scores_are_divided_by_the_root_of_a_heads_width(MultiHeadAttention):
    """With two heads of four numbers a product of 2 log 3 gives weights of 1/4 and 3/4."""
    layer = MultiHeadAttention(8, 2, bias=False)
    query, key, same = torch.zeros(8, 8), torch.zeros(8, 8), torch.eye(8)
    query[0, 1], key[0, 1] = 2 * math.log(3), 1.0
    _load(layer, [query, key, same, same])
    got = layer(torch.eye(8)[:2].unsqueeze(0))
    # Head 0 holds numbers 0 to 3: its second token gets 1/4 of token 0 and 3/4 of token 1.
    want = torch.zeros(1, 2, 8)
    want[0, 0, 0], want[0, 1, 0], want[0, 1, 1] = 1.0, 0.25, 0.75
    close(got, want, say="D is 4 and its root 2")


def test_each_head_attends_with_its_own_numbers(MultiHeadAttention, randn):
    """For 1, 2, 3 and 6 heads the result is that of the heads one by one, joined by out."""
    for heads in (1, 2, 3, 6):
        x, weights = randn(2, 5, 6, dtype=torch.float64), randn(4, 6, 6, dtype=torch.float64)
        biases = randn(4, 6, dtype=torch.float64)
        layer = _load(MultiHeadAttention(6, heads).double(), weights, biases)
        close(layer(x), _head_by_head(x, heads, weights, biases), say=f"{heads} heads")


def test_without_bias_it_is_the_weights_alone(MultiHeadAttention, randn):
    """With bias=False an input of zeros gives zeros, and any other what the weights give."""
    x, weights = randn(2, 5, 6, dtype=torch.float64), randn(4, 6, 6, dtype=torch.float64)
    layer = _load(MultiHeadAttention(6, 2, bias=False).double(), weights)
    close(layer(x), _head_by_head(x, 2, weights, torch.zeros(4, 6, dtype=torch.float64)))
    equal(layer(0 * x), 0 * x, say="an input of zeros")


def test_future_tokens_never_change_an_earlier_output(MultiHeadAttention, randn):
    """Changing token 4 leaves the outputs of tokens 0 to 3 as they were."""
    layer = _load(MultiHeadAttention(6, 3), randn(4, 6, 6), randn(4, 6))
    x = randn(2, 7, 6) / 4  # small scores: no weight is rounded to 0
    changed = x.clone()
    changed[:, 4] += 1.0
    before, after = layer(x), layer(changed)
    close(after[:, :4], before[:, :4], say="a change in token 4 reached a token before it")
    moved = (after[:, 4:] - before[:, 4:]).abs().amax(dim=2) > 0
    holds(bool(moved.all()), "tokens 4 to 6 read token 4", got=after)


def test_a_sequence_is_the_same_alone_and_in_company(MultiHeadAttention, randn):
    """Each sequence gives what it gives alone, in training and in evaluation."""
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
    """Width 6 with 4 heads, 5 with 2 and 3 with 5 raise ValueError."""
    for width, heads in [(6, 4), (5, 2), (3, 5)]:
        with pytest.raises(ValueError):
            MultiHeadAttention(width, heads)


def test_x_stays_as_it_was(MultiHeadAttention, randn):
    """Multi-head attention gives a new tensor and leaves its input alone."""
    x = randn(2, 7, 6)
    before = x.clone()
    MultiHeadAttention(6, 3)(x)
    equal(x, before, say="the input has changed")


def test_the_gradients_are_torchs(MultiHeadAttention, randn):
    """The gradients of x and of all parameters are those of torch.nn.MultiheadAttention."""
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
    close(got, x.grad, say="the gradient of x")
    joined = (*twin.in_proj_weight.grad.chunk(3), twin.out_proj.weight.grad)
    moved = (*twin.in_proj_bias.grad.chunk(3), twin.out_proj.bias.grad)
    for name, weight, bias in zip(LAYERS, joined, moved, strict=True):
        close(getattr(layer, name).weight.grad, weight, say=f"the gradient of {name}.weight")
        close(getattr(layer, name).bias.grad, bias, say=f"the gradient of {name}.bias")


def _load(layer, weights, biases=()):
    """The layer with these weights and biases of query, key, value and out."""
    named = {f"{name}.weight": part for name, part in zip(LAYERS, weights, strict=True)}
    named |= {f"{name}.bias": part for name, part in zip(LAYERS, biases, strict=False)}
    layer.load_state_dict(named, strict=False)
    return layer


def _head_by_head(x, heads, weights, biases):
    """Multi-head attention by the definition: PyTorch's attention for one head at a time."""
    parts = [functional.linear(x, *part) for part in zip(weights, biases, strict=True)][:3]
    size = x.shape[2] // heads
    read = []
    for h in range(heads):
        own = (part[:, :, h * size : (h + 1) * size] for part in parts)
        read.append(functional.scaled_dot_product_attention(*own, is_causal=True))
    return functional.linear(torch.cat(read, dim=2), weights[3], biases[3])
