"""The checks of Llama."""

import torch
from torch.nn import functional

from grader.checks import close, equal, gradients, holds, shaped, value

SIZES = {"vocabulary": 11, "width": 12, "layers": 3, "heads": 6, "kv_heads": 2, "hidden": 7}
"""Six query heads with a head dimension of 2, which share two key-value heads."""


def test_the_parameters_are_those_of_the_parts(Llama):
    """The parameters are those of the token embedding, of each block and of the last norm."""
    block = {
        "norm1.weight": (12,),
        "attention.query.weight": (12, 12),
        "attention.key.weight": (4, 12),
        "attention.value.weight": (4, 12),
        "attention.out.weight": (12, 12),
        "norm2.weight": (12,),
        "feed_forward.gate.weight": (7, 12),
        "feed_forward.up.weight": (7, 12),
        "feed_forward.down.weight": (12, 7),
    }
    want = {
        f"blocks.{number}.{name}": shape for number in range(3) for name, shape in block.items()
    }
    want |= {"tokens.weight": (11, 12), "norm.weight": (12,)}
    parameters = value(Llama(**SIZES).named_parameters())
    equal({name: tuple(weight.shape) for name, weight in parameters}, want)


def test_the_logits_have_shape_b_t_v_and_the_parameters_dtype(Llama, randint):
    """For ids of shape (B, T) the logits have shape (B, T, V), in the parameters' dtype."""
    model = Llama(**SIZES)
    shaped(model(randint(0, 11, 2, 5)), (2, 5, 11), torch.float32)
    shaped(model(randint(0, 11, 1, 1)), (1, 1, 11), torch.float32, say="a sequence of one token")
    shaped(
        model.double()(randint(0, 11, 2, 5)), (2, 5, 11), torch.float64, say="a model in float64"
    )


def test_logits_worked_by_hand(Llama):
    """If the blocks add zeros, the embeddings [1 7] and [5 5] give logits [10 8] and [8 10]."""
    model = Llama(2, 2, 1, 1, 1, 3)
    state = {
        "tokens.weight": torch.tensor([[1.0, 7.0], [5.0, 5.0]]),
        "blocks.0.attention.out.weight": torch.zeros(2, 2),
        "blocks.0.feed_forward.down.weight": torch.zeros(2, 3),
        "norm.weight": torch.ones(2),
    }
    model.load_state_dict(state, strict=False)
    # The root mean square of both is 5, so the last norm returns [0.2 1.4] and [1 1].
    say = "a logit is the dot product of norm(x) and a row of tokens.weight"
    close(model(torch.tensor([[0, 1]])), torch.tensor([[[10.0, 8.0], [8.0, 10.0]]]), say=say)


def test_a_block_adds_attention_and_then_the_feed_forward_network(LlamaBlock, randn):
    """A block returns y + feed_forward(norm2(y)), where y = x + attention(norm1(x))."""
    block = LlamaBlock(12, 6, 2, 7, 100.0, 0.5)
    state = _filled(block, randn)
    x = randn(2, 5, 12)
    before = x.clone()
    close(block(x), _block(x, state, heads=6, kv_heads=2, base=100.0, eps=0.5))
    equal(x, before, say="the call changed its input x; return a new tensor")


def test_the_logits_follow_the_definition(Llama, randn, randint):
    """The logits equal those of the definition, computed with PyTorch's own attention."""
    for sizes, kv_heads in [(SIZES, 2), ({**SIZES, "layers": 2, "heads": 3, "kv_heads": 1}, 1)]:
        model = Llama(**sizes)
        state, ids = _filled(model, randn), randint(0, 11, 2, 5)
        want = _logits(ids, state, heads=sizes["heads"], kv_heads=kv_heads)
        close(model(ids), want, atol=1e-4, say=f"{sizes}")


def test_base_reaches_every_attention(Llama, randn, randint):
    """RoPE has the base that is passed in every block, and 10,000 by default."""
    ids = randint(0, 11, 1, 7)
    for given, base in [({"base": 3.0}, 3.0), ({"base": 500.0}, 500.0), ({}, 10_000.0)]:
        # With a head dimension of 2 there is one pair, and its angle does not depend on base.
        model = Llama(**{**SIZES, "heads": 2}, **given)
        state = _filled(model, randn)
        want = _logits(ids, state, heads=2, kv_heads=2, base=base)
        close(model(ids), want, atol=1e-4, say=f"with {given or 'the default base'}")


def test_eps_reaches_every_norm(Llama, randn, randint):
    """The norms of every block and the last one have the eps that is passed, 1e-5 by default."""
    ids = randint(0, 11, 2, 3)
    for given, eps, size in [({"eps": 0.5}, 0.5, 1.0), ({}, 1e-5, 1e-3)]:
        model = Llama(**SIZES, **given)
        state = _filled(model, randn)
        # With embeddings near 0.001 and blocks that add little, an eps of 1e-5 matters.
        state = {name: size * part if part.dim() > 1 else part for name, part in state.items()}
        model.load_state_dict(state, strict=False)
        want = _logits(ids, state, heads=6, kv_heads=2, eps=eps)
        close(model(ids) / size, want / size, atol=1e-4, say=f"with {given or 'the default eps'}")


def test_a_later_token_never_changes_an_earlier_logit(Llama, randn, randint):
    """Changing the last token leaves the logits at all earlier positions unchanged."""
    model = Llama(**SIZES)
    _filled(model, randn)
    ids = randint(0, 11, 2, 5)
    changed = ids.clone()
    changed[:, 4] = (changed[:, 4] + 1) % 11
    # Both calls have the same shape, so only rounding could differ.
    close(model(changed)[:, :4], model(ids)[:, :4], say="token 4 changed; earlier logits may not")


def test_each_sequence_is_computed_on_its_own(Llama, randn, randint):
    """A sequence has the same logits alone and in a batch, in training and evaluation mode."""
    model = Llama(**SIZES)
    _filled(model, randn)
    ids = randint(0, 11, 3, 5)
    together = model(ids)
    for row in range(3):
        close(
            model(ids[row : row + 1])[0],
            together[row],
            say=f"sequence {row} alone, and in the batch",
        )
    model.eval()
    close(model(ids), together, say="after model.eval()")


def test_a_sequence_may_have_any_length(Llama, randn, randint):
    """A sequence of 1,300 tokens has the logits of the definition at every position."""
    model = Llama(11, 2, 1, 1, 1, 3)
    state, ids = _filled(model, randn), randint(0, 11, 1, 1300)
    close(model(ids), _logits(ids, state, heads=1, kv_heads=1), atol=1e-3)


def test_every_parameter_gets_the_gradient_of_the_definition(Llama, randn, randint):
    """The gradients equal those of the definition, where W has those of both its uses."""
    model = Llama(**SIZES)
    state, ids, upstream = _filled(model, randn), randint(0, 11, 2, 5), randn(2, 5, 11)
    gradients(model, ids, upstream=upstream)
    twins = {name: part.double().requires_grad_() for name, part in state.items()}
    (_logits(ids, twins, heads=6, kv_heads=2, dtype=torch.float64) * upstream).sum().backward()
    for name, twin in twins.items():
        got = model.get_parameter(name).grad
        # Gradients of a few hundred float32 sums each; the largest are near 100.
        close(got, twin.grad.float(), atol=2e-3, rtol=1e-3, say=f"the gradient of {name}")


def test_every_part_keeps_its_own_random_start(Llama, beside):
    """New parameters have the distribution that each part gives them."""
    model = Llama(509, 48, 3, 4, 2, 64)
    own = {"tokens": beside("exercises.embeddings.token_embedding.TokenEmbedding")(509, 48)}
    attention = beside("exercises.attention.grouped_query.GroupedQueryAttention")
    network = beside("exercises.blocks.swiglu.SwiGLU")
    for n in range(3):
        own[f"blocks.{n}.attention"] = attention(48, 4, 2, 10_000.0)
        own[f"blocks.{n}.feed_forward"] = network(48, 64)
        own[f"blocks.{n}.norm1"] = beside("exercises.blocks.rms_norm.RMSNorm")(48, 1e-5)
    _check_start(model, own)


def test_every_block_starts_with_numbers_of_its_own(Llama, beside):
    """The query weights of block 0 and of block 1 start with different numbers."""
    model = Llama(**SIZES)
    first, second = (model.blocks[n].attention.query.weight for n in range(2))
    same = beside("torch.equal")(first, second)
    holds(not same, "the query weights of two blocks start with different numbers")


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


def _filled(module, randn):
    """Load random weights of similar effect into a module; return them."""
    state = {}
    for name, part in value(module.named_parameters()):
        spread = 1.0 if part.dim() == 1 or name == "tokens.weight" else part.shape[1] ** -0.5
        state[name] = spread * randn(*part.shape)
    module.load_state_dict(state, strict=False)
    return state


def _logits(ids, state, heads, kv_heads, base=10_000.0, eps=1e-5, dtype=torch.float32):
    """Return the logits of the definition, computed in float64."""
    parts = {name: part.double() for name, part in state.items()}
    x = parts["tokens.weight"][ids]
    for number in range(sum(name.endswith("norm1.weight") for name in parts)):
        head = f"blocks.{number}."
        block = {n.removeprefix(head): part for n, part in parts.items() if n.startswith(head)}
        x = _block(x, block, heads, kv_heads, base, eps)
    return (_norm(x, parts["norm.weight"], eps) @ parts["tokens.weight"].T).to(dtype)


def _block(x, parts, heads, kv_heads, base, eps):
    """Return the output of a block by the definition, computed in float64."""
    dtype, x = x.dtype, x.double()
    parts = {name: part.double() for name, part in parts.items()}
    normal = _norm(x, parts["norm1.weight"], eps)
    q, k, v = (
        (normal @ parts[f"attention.{name}.weight"].T).unflatten(2, (count, -1)).transpose(1, 2)
        for name, count in (("query", heads), ("key", kv_heads), ("value", kv_heads))
    )
    k, v = (part.repeat_interleave(heads // kv_heads, dim=1) for part in (_rotate(k, base), v))
    read = functional.scaled_dot_product_attention(_rotate(q, base), k, v, is_causal=True)
    x = x + read.transpose(1, 2).flatten(2) @ parts["attention.out.weight"].T
    normal = _norm(x, parts["norm2.weight"], eps)
    gate = functional.silu(normal @ parts["feed_forward.gate.weight"].T)
    up = normal @ parts["feed_forward.up.weight"].T
    return (x + (gate * up) @ parts["feed_forward.down.weight"].T).to(dtype)


def _norm(x, weight, eps):
    """Return RMSNorm by the definition."""
    return x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt() * weight


def _rotate(x, base):
    """Rotate features j and j + D/2, as a complex number, by t base^(-2j/D) at position t."""
    half = x.shape[-1] // 2
    speed = base ** (-torch.arange(half, dtype=torch.float64) / half)
    angle = torch.arange(x.shape[-2], dtype=torch.float64).unsqueeze(1) * speed
    rotated = torch.complex(x[..., :half], x[..., half:]) * torch.polar(
        torch.ones(()).double(), angle
    )
    return torch.cat([rotated.real, rotated.imag], dim=-1)
