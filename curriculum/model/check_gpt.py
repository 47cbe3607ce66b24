"""The checks of GPT."""

import pytest
import torch
from torch.nn import functional

from grader.checks import close, equal, gradients, holds, shaped, value

double = torch.float64


def test_the_logits_have_shape_b_t_v_and_the_parameters_dtype(GPT, randint):
    """Ids of shape (2, 3) with V = 7 give logits of shape (2, 3, 7), in the parameters' dtype."""
    ids = randint(0, 7, 2, 3)
    shaped(GPT(7, 5, 6, 2, 3)(ids), (2, 3, 7), torch.float32)
    shaped(GPT(7, 5, 6, 2, 3).double()(ids), (2, 3, 7), double, say="a model in float64")


def test_the_parameters_are_those_of_its_parts(GPT):
    """The parameters are those of the parts, under their names; the output layer has none."""
    model = GPT(7, 5, 6, 2, 3)
    got = {name: list(part.shape) for name, part in value(model.named_parameters())}
    want = {name: list(shape) for name, shape in _shapes(7, 5, 6, 2).items()}
    equal(got, want, say="the parameters and their shapes for GPT(7, 5, 6, 2, 3)")
    equal(len(model.blocks), 2, say="the number of blocks with layers=2")


def test_logits_worked_by_hand(GPT):
    """If the blocks add zeros, the last norm maps [2 0] to [1 -1] and [2 4] to [-1 1]."""
    state = {name: torch.zeros(shape) for name, shape in _shapes(3, 2, 2, 1).items()}
    state["tokens.weight"] = torch.tensor([[2.0, 0.0], [0.0, 5.0], [3.0, 1.0]])
    state["positions.weight"] = torch.tensor([[0.0, 0.0], [0.0, 4.0]])
    state["norm.weight"] = torch.ones(2)
    got = _with(GPT(3, 2, 2, 1, 1), state)(torch.tensor([[0, 0]]))
    want = torch.tensor([[[2.0, -5.0, 2.0], [-2.0, 5.0, -2.0]]])
    close(got, want, say="a logit is the dot product of norm(x) and a row of the token embedding")


def test_logits_follow_the_definition(GPT, randn, randint):
    """The logits equal those of the definition, computed with PyTorch's own functions."""
    state = _drawn(randn, 11, 7, 6, 3)
    for heads, tokens in ((1, 7), (2, 3), (3, 1)):
        model = _with(GPT(11, 7, 6, 3, heads).double(), state)
        ids = randint(0, 11, 2, tokens)
        say = f"3 layers, {heads} heads, ids of shape (2, {tokens})"
        before = ids.clone()
        close(model(ids), _logits(state, ids, heads), say=say)
        equal(ids, before, say="the call changed its input ids")


def test_a_long_sequence_has_its_logits_at_every_position(GPT, randn, randint):
    """131 tokens, and a transposed view of ids, have the logits of the definition."""
    state = _drawn(randn, 11, 131, 6, 1)
    model = _with(GPT(11, 131, 6, 1, 2).double(), state)
    ids = randint(0, 11, 1, 131)
    close(model(ids), _logits(state, ids, 2), say="131 tokens")
    ids = randint(0, 11, 7, 6).T[::2]
    close(model(ids), _logits(state, ids, 2), say="ids that are a strided view")


def test_a_later_token_never_changes_an_earlier_logit(GPT, randn, randint):
    """Changing token 3 leaves the logits at positions 0 to 2 unchanged, and changes its own."""
    model = _with(GPT(11, 7, 6, 2, 2).double(), _drawn(randn, 11, 7, 6, 2))
    ids = randint(0, 11, 2, 5)
    changed = ids.clone()
    changed[:, 3] = (changed[:, 3] + 1) % 11
    before, after = _formed(model, ids, 11), _formed(model, changed, 11)
    close(after[:, :3], before[:, :3], say="token 3 changed; earlier logits may not")
    apart = (after[:, 3] - before[:, 3]).abs().amax()
    holds(bool(apart > 1e-6), "the logits at position 3 depend on token 3", got=after[:, 3])


def test_each_sequence_is_computed_on_its_own(GPT, randn, randint):
    """A sequence has the same logits alone and in a batch of three."""
    model = _with(GPT(11, 7, 6, 2, 2).double(), _drawn(randn, 11, 7, 6, 2))
    ids = randint(0, 11, 3, 5)
    together = _formed(model, ids, 11)
    for i in range(3):
        close(
            model(ids[i : i + 1]), together[i : i + 1], say=f"sequence {i} alone, and in the batch"
        )


def test_the_output_layer_uses_the_token_embedding_itself(GPT, randn, randint):
    """If a loaded token embedding has equal rows 4 and 9, tokens 4 and 9 have equal logits."""
    model = GPT(11, 7, 6, 2, 2).double()
    weight = randn(11, 6, dtype=double)
    weight[9] = weight[4]
    _with(model, {"tokens.weight": weight})
    got = _formed(model, randint(0, 4, 2, 5), 11)
    close(got[..., 9], got[..., 4], say="the logits of tokens 9 and 4, whose embeddings are equal")


def test_training_and_evaluation_mode_compute_the_same(GPT, randn, randint):
    """The logits are the same in training mode, in a second call, and after model.eval()."""
    model = _with(GPT(11, 7, 6, 2, 2).double(), _drawn(randn, 11, 7, 6, 2))
    ids = randint(0, 11, 2, 5)
    model.train()
    before = _formed(model, ids, 11)
    close(model(ids), before, say="a second call in training mode")
    model.eval()
    close(model(ids), before, say="after model.eval()")


def test_every_parameter_gets_the_gradient_of_the_definition(GPT, randn, randint):
    """The gradients equal those of the definition, where E has those of both its uses."""
    state, ids = _drawn(randn, 11, 7, 6, 2), randint(0, 11, 2, 5)
    model = _with(GPT(11, 7, 6, 2, 2).double(), state)
    upstream = randn(2, 5, 11, dtype=double)
    gradients(model, ids, upstream=upstream)
    twins = {name: part.clone().requires_grad_() for name, part in state.items()}
    (_logits(twins, ids, 2) * upstream).sum().backward()
    for name, twin in twins.items():
        close(model.get_parameter(name).grad, twin.grad, say=f"the gradient of {name}")


def test_every_part_keeps_its_own_random_start(GPT, beside):
    """New parameters have the distribution that each part gives them."""
    model = GPT(509, 211, 48, 3, 4)
    own = {"tokens": beside("exercises.embeddings.token_embedding.TokenEmbedding")(509, 48)}
    own["positions"] = beside("exercises.embeddings.learned_positions.LearnedPositions")(211, 48)
    block = beside("exercises.blocks.transformer_block.TransformerBlock")
    own |= {f"blocks.{n}": block(48, 4) for n in range(3)}
    _check_start(model, own)


def test_every_block_starts_with_numbers_of_its_own(GPT, beside):
    """The query weights of block 0 and of block 1 start with different numbers."""
    model = GPT(7, 5, 6, 2, 3)
    first, second = (model.blocks[n].attention.query.weight for n in range(2))
    same = beside("torch.equal")(first, second)
    holds(not same, "the query weights of two blocks start with different numbers")


def test_more_tokens_than_the_context_are_refused(GPT, randint):
    """With a context length of 5, five tokens give logits and six raise ValueError."""
    model = GPT(7, 5, 6, 1, 2)
    shaped(
        model(randint(0, 7, 1, 5)), (1, 5, 7), torch.float32, say="T equal to the context length"
    )
    with pytest.raises(ValueError):
        model(randint(0, 7, 1, 6))


def test_heads_that_do_not_divide_the_width_are_refused(GPT):
    """An embedding dimension of 6 with 4 heads raises ValueError."""
    with pytest.raises(ValueError):
        GPT(7, 5, 6, 1, 4)


def _check_start(model, own):
    """Claim that each parameter is distributed as in a new part, by its first four moments."""
    got = dict(value(model.named_parameters()))
    for at, part in own.items():
        for name, fresh in value(part.named_parameters()):
            name = f"{at}.{name}"
            if name not in got:
                continue  # another check is about the names
            mine, want = got[name].double(), fresh.double()
            if bool((want == want.flatten()[0]).all()):
                equal(mine, want, say=f"{name}: its part starts with one number")
                continue
            # Eight standard errors of the difference of two mean squares of normal numbers.
            rtol = 8 * (2 * 2 / mine.numel()) ** 0.5 / 2
            std, due = (x.square().mean().sqrt().item() for x in (mine, want))
            close(std, due, rtol=rtol, say=f"{name}: the root mean square, as the part draws it")
            if mine.numel() > 2000:
                peak, due = (x.abs().max().item() / x.square().mean().sqrt() for x in (mine, want))
                # 1.73 for uniform numbers; 3.4 at least for 2,000 normal ones.
                kind = "normal" if due > 2 else "uniform"
                say = f"{name} is drawn as in its part, from a {kind} distribution"
                want, got_peak = (
                    f"the largest number is {x:.1f} root mean squares" for x in (due, peak)
                )
                holds((peak > 2) == (due > 2), say, want=want, got=got_peak)


def _shapes(V, context, C, layers):
    """Return the shape of each parameter by name."""
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
    """Return random parameters, large enough that each of them matters."""
    return {name: randn(*shape, dtype=double) / 2 for name, shape in _shapes(*sizes).items()}


def _with(model, state):
    """Return the model with these parameters."""
    model.load_state_dict(state, strict=False)
    return model


def _formed(model, ids, V):
    """Return the logits of a model in float64, after checking their shape."""
    logits = model(ids)
    shaped(logits, (*ids.shape, V), double)
    return logits


def _logits(state, ids, heads):
    """Return the logits of the definition, computed with PyTorch's functions."""
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
