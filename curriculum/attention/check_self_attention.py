"""The checks of self-attention."""

import math

import torch
from torch.nn import functional

from grader.checks import close, equal, gradients, holds, shaped, value

LAYERS = ("query", "key", "value")
FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for inputs in float64 too."""


def test_the_parameters_are_three_weights(SelfAttention, beside):
    """For width 5 and head 3 the parameters are three weights of shape (3, 5), all trained."""
    for width, head in [(5, 3), (3, 3), (2, 7)]:
        layer = SelfAttention(width, head)
        linear = beside("torch.nn.Linear")
        for part in (layer.query, layer.key, layer.value):
            kind = beside("builtins.isinstance")(part, linear)
            equal(kind, True, say="query, key and value are nn.Linear layers")
            holds(part.weight.requires_grad, "a weight is trained, so it must require a gradient")
        shapes = {name: tuple(part.shape) for name, part in value(layer.named_parameters())}
        want = {f"{name}.weight": (head, width) for name in LAYERS}
        equal(shapes, want, say=f"the parameters and their shapes for SelfAttention{width, head}")


def test_the_result_has_a_vector_for_each_token(SelfAttention, randn):
    """The result has shape (B, T, D) and the dtype of x, for any sequence length."""
    layer = SelfAttention(5, 3)
    for batch, tokens in [(2, 7), (7, 2), (1, 1), (1, 131)]:
        say = f"{batch} sequences of {tokens} tokens"
        shaped(layer(randn(batch, tokens, 5)), (batch, tokens, 3), torch.float32, say=say)
    for dtype in (torch.float64, torch.float16, torch.bfloat16):
        got = layer.to(dtype)(randn(2, 7, 5, dtype=dtype))
        shaped(got, (2, 7, 3), dtype, say=f"x and weights in {dtype}")


def test_three_tokens_by_hand(SelfAttention):
    """Zero queries give equal weights: the values 2, 4 and 9 become 2, 3 and 5."""
    layer = _loaded(SelfAttention(1, 1), *torch.tensor([[[0.0]], [[1.0]], [[1.0]]]))
    got = layer(torch.tensor([[[2.0], [4.0], [9.0]]]))
    close(got, torch.tensor([[[2.0], [3.0], [5.0]]]), say="2, (2 + 4) / 2 and (2 + 4 + 9) / 3")


def test_a_query_chooses_among_keys(SelfAttention):
    """A query of 2 log 3 with D = 4 gives keys 0 and 1 the weights 1/4 and 3/4."""
    weights = torch.zeros(3, 4, 2)
    # Token [0, 1] has the query [2 log 3, 0, 0, 0] and the key [1, 0, 0, 0]; [1, 0] the key 0.
    weights[0, 0] = torch.tensor([5.0, 2 * math.log(3)])
    weights[1, 0, 1] = 1.0
    weights[2, 3] = torch.tensor([8.0, 4.0])
    got = _loaded(SelfAttention(2, 4), *weights)(torch.eye(2).unsqueeze(0))
    want = torch.tensor([[[0.0, 0.0, 0.0, 8.0], [0.0, 0.0, 0.0, 5.0]]])
    close(got, want, say="token 1 gets 8 / 4 + 4 * 3 / 4; the score is divided by sqrt(4)")


def test_every_token_is_what_the_definition_gives(SelfAttention, randn):
    """Each output equals the definition, computed token by token."""
    for width, head in [(5, 3), (3, 3), (2, 7), (1, 1)]:
        x = randn(2, 7, width, dtype=torch.float64)
        weights = randn(3, head, width, dtype=torch.float64)
        layer = _loaded(SelfAttention(width, head).double(), *weights)
        close(layer(x), _by_loop(x, *weights), say=f"width {width}, head {head}", **FLOAT32)


def test_large_scores_choose_one_token(SelfAttention, randint):
    """Scores of 1,000,000 and -1,000,000 give what the definition gives, without NaN."""
    # Whole numbers below 2 ** 24, so that every score is exact in float32.
    x, weights = 8 * randint(1, 10, 2, 7, 2).float(), randint(-9, 10, 3, 4, 2).float()
    for sign in (1, -1):
        weights[0] = sign * weights[1]  # a token's score with itself is large, or far below 0
        got = _loaded(SelfAttention(2, 4), *weights)(x)
        close(got, _by_loop(x, *weights), say=f"query.weight is {sign} times key.weight")


def test_future_tokens_never_change_an_earlier_output(SelfAttention, randn):
    """Changing tokens 4 to 6 leaves the outputs of tokens 0 to 3 unchanged."""
    layer, x = _loaded(SelfAttention(5, 3), *randn(3, 3, 5)), randn(2, 7, 5) / 4
    changed = x.clone()
    changed[:, 4:] += 1.0
    before, after = layer(x), layer(changed)
    close(after[:, :4], before[:, :4], say="outputs 0 to 3 may not depend on tokens 4 to 6")
    moved = (after[:, 4:] - before[:, 4:]).abs().amax(dim=2) > 0
    holds(bool(moved.all()), "the outputs of tokens 4 to 6 depend on token 4", got=after)


def test_a_sequence_is_the_same_alone_and_in_company(SelfAttention, randn):
    """A sequence gives the same alone and in a batch."""
    layer, x = _loaded(SelfAttention(5, 3), *randn(3, 3, 5)), randn(3, 7, 5)
    together = layer(x)
    for i in range(3):
        close(layer(x[i : i + 1]), together[i : i + 1], say=f"sequence {i} alone")


def test_training_and_evaluation_are_the_same(SelfAttention, randn):
    """Training and evaluation mode compute the same."""
    layer, x = _loaded(SelfAttention(5, 3), *randn(3, 3, 5)), randn(2, 7, 5)
    layer.eval()
    want = layer(x)
    layer.train()
    close(layer(x), want, say="the output in training mode, beside that in evaluation mode")


def test_the_layout_in_memory_makes_no_difference(SelfAttention, randn):
    """An x that is a transposed, strided or expanded view gives what a copy of it gives."""
    weights = randn(3, 3, 5)
    layer = _loaded(SelfAttention(5, 3), *weights)
    views = {
        "transposed": randn(7, 2, 5).transpose(0, 1),
        "with its features transposed": randn(2, 5, 7).mT,
        "strided": randn(2, 14, 5)[:, ::2],
        "expanded": randn(1, 7, 5).expand(2, 7, 5),
    }
    for say, x in views.items():
        close(layer(x), _by_loop(x, *weights), say=f"a view that is {say}")


def test_each_call_computes_anew(SelfAttention, randn, live):
    """The output follows the weights and x as they are at the call, whatever came before."""
    first, second = randn(2, 3, 3, 5)
    x = randn(2, 7, 5)
    layer = _loaded(SelfAttention(5, 3), *first)
    close(layer(x), _by_loop(x, *first))
    _loaded(layer, *second)
    close(layer(x), _by_loop(x, *second), say="after other weights were loaded")
    kept = live(x.clone())
    close(layer(kept), _by_loop(x, *second))
    kept.mul_(-1)
    close(layer(kept), _by_loop(-x, *second), say="the same tensor, negated since the last call")


def test_x_stays_as_it_was(SelfAttention, randn):
    """Self-attention returns a new tensor and does not change its input."""
    x = randn(2, 7, 5)
    before = x.clone()
    SelfAttention(5, 3)(x)
    equal(x, before, say="the call changed its input x; return a new tensor")


def test_the_gradients_are_torchs(SelfAttention, randn):
    """The gradients of x and of the three weights equal those of PyTorch's attention."""
    double = torch.float64
    x, upstream = randn(2, 7, 5, dtype=double), randn(2, 7, 3, dtype=double)
    weights = randn(3, 3, 5, dtype=double)
    layer = _loaded(SelfAttention(5, 3).double(), *weights)
    (got,) = gradients(layer, x, upstream=upstream)
    x, *twins = (part.clone().requires_grad_() for part in (x, *weights))
    parts = (functional.linear(x, weight) for weight in twins)
    (functional.scaled_dot_product_attention(*parts, is_causal=True) * upstream).sum().backward()
    close(got, x.grad, say="the gradient of x", **FLOAT32)
    for name, twin in zip(LAYERS, twins, strict=True):
        say = f"the gradient of {name}.weight"
        close(getattr(layer, name).weight.grad, twin.grad, say=say, **FLOAT32)


def test_a_sequence_of_any_length_is_served(SelfAttention, randn):
    """In a sequence of 2,100 tokens, first, middle and last ones are what the definition gives."""
    x, weights = randn(1, 2100, 3), randn(3, 2, 3)
    got = _loaded(SelfAttention(3, 2), *weights)(x)
    shaped(got, (1, 2100, 2), torch.float32)
    q, k, v = (functional.linear(x, weight) for weight in weights)
    for t in (0, 63, 64, 513, 1024, 2047, 2048, 2099):
        seen = slice(0, t + 1)
        want = functional.scaled_dot_product_attention(q[:, [t]], k[:, seen], v[:, seen])
        close(got[:, [t]], want, say=f"token {t} of 2,100")


def _loaded(layer, *weights):
    """Return the layer with these weights of query, key and value."""
    named = {f"{name}.weight": part for name, part in zip(LAYERS, weights, strict=True)}
    layer.load_state_dict(named, strict=False)
    return layer


def _by_loop(x, *weights):
    """Return causal self-attention by the definition."""
    outputs = torch.empty(*x.shape[:2], len(weights[0]), dtype=x.dtype)
    for b, tokens in enumerate(x):
        q, k, v = ([weight @ token for token in tokens] for weight in weights)
        for i in range(len(tokens)):
            scores = [float(q[i] @ k[j]) / math.sqrt(len(q[i])) for j in range(i + 1)]
            shares = [math.exp(score - max(scores)) for score in scores]
            outputs[b, i] = sum(p * v[j] for j, p in enumerate(shares)) / sum(shares)
    return outputs
