"""What is asked of GPT."""

import pytest
import torch
from torch.nn import functional

from grader.engine.expect import close, equal, holds, shaped
from grader.engine.side import gradients, value

double = torch.float64


def test_there_is_a_logit_for_each_token_and_each_that_may_follow(GPT, randint):
    """Ids of shape (2, 3) and a vocabulary of 7 give logits (2, 3, 7) in the model's dtype."""
    ids = randint(0, 7, 2, 3)
    shaped(GPT(7, 5, 6, 2, 3)(ids), (2, 3, 7), torch.float32)
    shaped(GPT(7, 5, 6, 2, 3).double()(ids), (2, 3, 7), double, say="a model in float64")


def test_the_parameters_are_those_of_its_parts(GPT):
    """Each part brings its parameters under its name, and the output brings none."""
    model = GPT(7, 5, 6, 2, 3)
    got = {name: list(part.shape) for name, part in value(model.named_parameters())}
    want = {name: list(shape) for name, shape in _shapes(7, 5, 6, 2).items()}
    equal(got, want, say="the parameters by name")
    equal(len(model.blocks), 2, say="the blocks of a model with two layers")


def test_logits_worked_by_hand(GPT):
    """Where blocks add nothing, embeddings (2, 0) and (2, 4) are read as (1, -1) and (-1, 1)."""
    state = {name: torch.zeros(shape) for name, shape in _shapes(3, 2, 2, 1).items()}
    state["tokens.weight"] = torch.tensor([[2.0, 0.0], [0.0, 5.0], [3.0, 1.0]])
    state["positions.weight"] = torch.tensor([[0.0, 0.0], [0.0, 4.0]])
    state["norm.weight"] = torch.ones(2)
    got = _with(GPT(3, 2, 2, 1, 1), state)(torch.tensor([[0, 0]]))
    want = torch.tensor([[[2.0, -5.0, 2.0], [-2.0, 5.0, -2.0]]])
    close(got, want, say="the normalised vector times each row of the token embedding")


def test_logits_follow_the_rule(GPT, randn, randint):
    """Embeddings, blocks in their order, norm and the token embedding again give the logits."""
    state = _drawn(randn, 11, 7, 6, 3)
    for heads, tokens in ((1, 7), (2, 3), (3, 1)):
        model = _with(GPT(11, 7, 6, 3, heads).double(), state)
        ids = randint(0, 11, 2, tokens)
        say = f"3 layers, {heads} heads, ids of shape (2, {tokens})"
        close(model(ids), _logits(state, ids, heads), say=say)


def test_a_later_token_never_changes_an_earlier_logit(GPT, randn, randint):
    """Another token at place 3 leaves the logits of places 0 to 2 as they were."""
    model = _with(GPT(11, 7, 6, 2, 2).double(), _drawn(randn, 11, 7, 6, 2))
    ids = randint(0, 11, 2, 5)
    changed = ids.clone()
    changed[:, 3] = (changed[:, 3] + 1) % 11
    before, after = _formed(model, ids, 11), _formed(model, changed, 11)
    close(after[:, :3], before[:, :3], say="the logits before the change")
    apart = (after[:, 3] - before[:, 3]).abs().amax()
    holds(bool(apart > 1e-6), "the logits of the changed token follow it", got=after[:, 3])


def test_sequences_know_nothing_of_each_other(GPT, randn, randint):
    """A sequence gets the same logits alone and in a batch of three."""
    model = _with(GPT(11, 7, 6, 2, 2).double(), _drawn(randn, 11, 7, 6, 2))
    ids = randint(0, 11, 3, 5)
    together = _formed(model, ids, 11)
    for i in range(3):
        close(model(ids[i : i + 1]), together[i : i + 1], say=f"sequence {i} alone")


def test_the_output_reads_the_token_embedding_as_it_is(GPT, randn, randint):
    """After the embedding of token 9 was set to that of token 4, both get one logit."""
    model = GPT(11, 7, 6, 2, 2).double()
    weight = randn(11, 6, dtype=double)
    weight[9] = weight[4]
    _with(model, {"tokens.weight": weight})
    got = _formed(model, randint(0, 4, 2, 5), 11)
    close(got[..., 9], got[..., 4], say="equal embeddings, equal logits")


def test_training_and_evaluation_are_the_same_computation(GPT, randn, randint):
    """The logits are the same in training, a second time, and after model.eval()."""
    model = _with(GPT(11, 7, 6, 2, 2).double(), _drawn(randn, 11, 7, 6, 2))
    ids = randint(0, 11, 2, 5)
    model.train()
    before = _formed(model, ids, 11)
    close(model(ids), before, say="once more in training")
    model.eval()
    close(model(ids), before, say="in evaluation")


def test_every_parameter_gets_the_gradient_of_the_rule(GPT, randn, randint):
    """The gradients are those of the rule; the token embedding has those of both its uses."""
    state, ids = _drawn(randn, 11, 7, 6, 2), randint(0, 11, 2, 5)
    model = _with(GPT(11, 7, 6, 2, 2).double(), state)
    upstream = randn(2, 5, 11, dtype=double)
    gradients(model, ids, upstream=upstream)
    twins = {name: part.clone().requires_grad_() for name, part in state.items()}
    (_logits(twins, ids, 2) * upstream).sum().backward()
    for name, twin in twins.items():
        close(model.get_parameter(name).grad, twin.grad, say=f"the gradient of {name}")


def test_more_tokens_than_the_context_are_refused(GPT, randint):
    """With a context of 5, five tokens have logits and six are a ValueError."""
    model = GPT(7, 5, 6, 1, 2)
    shaped(model(randint(0, 7, 1, 5)), (1, 5, 7), torch.float32, say="as many as the context")
    with pytest.raises(ValueError):
        model(randint(0, 7, 1, 6))


def test_heads_that_do_not_divide_the_width_are_refused(GPT):
    """A width of 6 cannot be shared among 4 heads, which is a ValueError."""
    with pytest.raises(ValueError):
        GPT(7, 5, 6, 1, 4)


def _shapes(V, context, C, layers):
    """Each parameter of the model by name, and its shape."""
    shapes = {"tokens.weight": (V, C), "positions.weight": (context, C)}
    for n in range(layers):
        at = f"blocks.{n}"
        for norm in ("norm1", "norm2"):
            shapes |= {f"{at}.{norm}.weight": (C,), f"{at}.{norm}.bias": (C,)}
        for layer in ("query", "key", "value", "out"):
            shapes[f"{at}.attention.{layer}.weight"] = (C, C)
            shapes[f"{at}.attention.{layer}.bias"] = (C,)
        shapes |= {
            f"{at}.feed_forward.up.weight": (4 * C, C),
            f"{at}.feed_forward.up.bias": (4 * C,),
        }
        shapes |= {
            f"{at}.feed_forward.down.weight": (C, 4 * C),
            f"{at}.feed_forward.down.bias": (C,),
        }
    return shapes | {"norm.weight": (C,), "norm.bias": (C,)}


def _drawn(randn, *sizes):
    """Numbers for every parameter, large enough that each of them shows."""
    return {name: randn(*shape, dtype=double) / 2 for name, shape in _shapes(*sizes).items()}


def _with(model, state):
    """The model with these parameters."""
    model.load_state_dict(state, strict=False)
    return model


def _formed(model, ids, V):
    """The logits of a model in float64, which have the shape that is due."""
    logits = model(ids)
    shaped(logits, (*ids.shape, V), double)
    return logits


def _logits(state, ids, heads):
    """The logits by the rule, with PyTorch's parts."""
    x = state["tokens.weight"][ids] + state["positions.weight"][: ids.shape[1]]
    layers = sum(name.endswith("norm1.weight") for name in state)
    for n in range(layers):
        block = {k.removeprefix(f"blocks.{n}."): p for k, p in state.items() if f"blocks.{n}." in k}
        x = x + _attention(block, _normal(block, "norm1.", x), heads)
        up = functional.gelu(
            _linear(block, "feed_forward.up", _normal(block, "norm2.", x)), approximate="tanh"
        )
        x = x + _linear(block, "feed_forward.down", up)
    return _normal(state, "norm.", x) @ state["tokens.weight"].T


def _normal(state, name, x):
    return functional.layer_norm(x, x.shape[-1:], state[f"{name}weight"], state[f"{name}bias"])


def _linear(state, name, x):
    return functional.linear(x, state[f"{name}.weight"], state[f"{name}.bias"])


def _attention(block, x, heads):
    q, k, v = (
        _linear(block, f"attention.{name}", x).unflatten(2, (heads, -1)).transpose(1, 2)
        for name in ("query", "key", "value")
    )
    read = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    return _linear(block, "attention.out", read.transpose(1, 2).flatten(2))
