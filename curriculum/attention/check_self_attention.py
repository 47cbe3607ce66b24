"""What is asked of self-attention."""

import math

import torch
from torch.nn import functional

from grader.engine.expect import close, equal, holds, shaped
from grader.engine.side import gradients, value


def test_the_parameters_are_three_weights(SelfAttention):
    """For width 5 and head 3 the parameters are three weights of shape (3, 5), all learnt."""
    layer = SelfAttention(5, 3)
    shapes = {name: tuple(part.shape) for name, part in value(layer.named_parameters())}
    want = dict.fromkeys(["query.weight", "key.weight", "value.weight"], (3, 5))
    equal(shapes, want, say="the parameters and their shapes")
    for part in (layer.query, layer.key, layer.value):
        holds(part.weight.requires_grad, "a weight is learnt: it requires a gradient")


def test_the_result_has_a_vector_for_each_token(SelfAttention, randn):
    """The result has shape (B, T, D) and the dtype of x, for any length of sequence."""
    layer = SelfAttention(5, 3)
    for batch, tokens in [(2, 7), (7, 2), (1, 1), (1, 131)]:
        say = f"{batch} sequences of {tokens} tokens"
        shaped(layer(randn(batch, tokens, 5)), (batch, tokens, 3), torch.float32, say=say)
    double = layer.double()(randn(2, 7, 5, dtype=torch.float64))
    shaped(double, (2, 7, 3), torch.float64, say="float64 with weights in float64")


def test_three_tokens_by_hand(SelfAttention):
    """Queries of zero read all up to themselves alike: 2, 4 and 9 become 2, 3 and 5."""
    layer = _loaded(SelfAttention(1, 1), *torch.tensor([[[0.0]], [[1.0]], [[1.0]]]))
    got = layer(torch.tensor([[[2.0], [4.0], [9.0]]]))
    close(got, torch.tensor([[[2.0], [3.0], [5.0]]]), say="2, (2 + 4) / 2 and (2 + 4 + 9) / 3")


def test_a_query_chooses_among_keys(SelfAttention):
    """A query of 2 log 3 with D = 4 gives keys 0 and 1 the weights 1/4 and 3/4."""
    weights = torch.zeros(3, 4, 2)
    weights[0, 0] = torch.tensor([5.0, 2 * math.log(3)])  # [0, 1] asks with [2 log 3, 0, 0, 0]
    weights[1, 0, 1] = 1.0  # and offers [1, 0, 0, 0]; [1, 0] asks with 5 and offers zeros
    weights[2, 3] = torch.tensor([8.0, 4.0])
    got = _loaded(SelfAttention(2, 4), *weights)(torch.eye(2).unsqueeze(0))
    want = torch.tensor([[[0.0, 0.0, 0.0, 8.0], [0.0, 0.0, 0.0, 5.0]]])
    close(got, want, say="token 1 gets 8 / 4 + 4 * 3 / 4; the score is divided by sqrt(4)")


def test_every_token_is_what_the_definition_gives(SelfAttention, randn):
    """Each output is the definition's, one token of one sequence after the other."""
    x, weights = randn(2, 7, 5, dtype=torch.float64), randn(3, 3, 5, dtype=torch.float64)
    layer = _loaded(SelfAttention(5, 3).double(), *weights)
    close(layer(x), _by_loop(x, *weights))


def test_future_tokens_never_change_an_earlier_output(SelfAttention, randn):
    """Changing token 4 leaves the outputs of tokens 0 to 3 as they were."""
    layer, x = _loaded(SelfAttention(5, 3), *randn(3, 3, 5)), randn(2, 7, 5) / 4
    changed = x.clone()
    changed[:, 4:] += 1.0
    before, after = layer(x), layer(changed)
    close(after[:, :4], before[:, :4], say="a change in token 4 reached a token before it")
    moved = (after[:, 4:] - before[:, 4:]).abs().amax(dim=2) > 0
    holds(bool(moved.all()), "tokens 4 to 6 read token 4", got=after)


def test_a_sequence_is_the_same_alone_and_in_company(SelfAttention, randn):
    """Each sequence of a batch gives what it gives alone."""
    layer, x = _loaded(SelfAttention(5, 3), *randn(3, 3, 5)), randn(3, 7, 5)
    together = layer(x)
    for i in range(3):
        close(layer(x[i : i + 1]), together[i : i + 1], say=f"sequence {i} alone")


def test_training_and_evaluation_are_the_same(SelfAttention, randn):
    """After eval() and after train() the module gives the same numbers."""
    layer, x = _loaded(SelfAttention(5, 3), *randn(3, 3, 5)), randn(2, 7, 5)
    layer.eval()
    want = layer(x)
    layer.train()
    close(layer(x), want, say="training beside evaluation")


def test_x_stays_as_it_was(SelfAttention, randn):
    """Self-attention gives a new tensor and leaves its input alone."""
    x = randn(2, 7, 5)
    before = x.clone()
    SelfAttention(5, 3)(x)
    equal(x, before, say="the input has changed")


def test_the_gradients_are_torchs(SelfAttention, randn):
    """The gradients of x and of the three weights are those that PyTorch's attention gives."""
    double = torch.float64
    x, upstream = randn(2, 7, 5, dtype=double), randn(2, 7, 3, dtype=double)
    weights = randn(3, 3, 5, dtype=double)
    layer = _loaded(SelfAttention(5, 3).double(), *weights)
    (got,) = gradients(layer, x, upstream=upstream)
    x, *twins = (part.clone().requires_grad_() for part in (x, *weights))
    parts = (functional.linear(x, weight) for weight in twins)
    (functional.scaled_dot_product_attention(*parts, is_causal=True) * upstream).sum().backward()
    close(got, x.grad, say="the gradient of x")
    for name, twin in zip(["query", "key", "value"], twins, strict=True):
        close(getattr(layer, name).weight.grad, twin.grad, say=f"the gradient of {name}.weight")


def _loaded(layer, *weights):
    """The layer with these weights of query, key and value."""
    names = ("query.weight", "key.weight", "value.weight")
    layer.load_state_dict(dict(zip(names, weights, strict=True)), strict=False)
    return layer


def _by_loop(x, *weights):
    """Causal self-attention by the definition."""
    outputs = torch.empty(*x.shape[:2], len(weights[0]), dtype=x.dtype)
    for b, tokens in enumerate(x):
        q, k, v = ([weight @ token for token in tokens] for weight in weights)
        for i in range(len(tokens)):
            scores = [float(q[i] @ k[j]) / math.sqrt(len(q[i])) for j in range(i + 1)]
            shares = [math.exp(score - max(scores)) for score in scores]
            outputs[b, i] = sum(p * v[j] for j, p in enumerate(shares)) / sum(shares)
    return outputs
