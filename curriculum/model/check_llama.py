"""What is asked of Llama."""

import torch
from torch.nn import functional

from grader.engine.expect import close, equal, shaped
from grader.engine.side import gradients, value

SIZES = {"vocabulary": 11, "width": 12, "layers": 3, "heads": 6, "kv_heads": 2, "hidden": 7}
"""Six heads of two numbers, which share two heads of keys and values."""


def test_the_parameters_have_their_names_and_shapes(Llama):
    """The parameters are those of the embedding, of each block's parts and of the last norm."""
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


def test_the_logits_have_a_row_for_each_token(Llama, randint):
    """For ids (B, T) the logits are (B, T, V), in the dtype of the parameters."""
    model = Llama(**SIZES)
    shaped(model(randint(0, 11, 2, 5)), (2, 5, 11), torch.float32)
    shaped(model(randint(0, 11, 1, 1)), (1, 1, 11), torch.float32, say="a text of one token")
    shaped(model.double()(randint(0, 11, 2, 5)), (2, 5, 11), torch.float64, say="in float64")


def test_logits_worked_by_hand(Llama):
    """With blocks that add nothing, tokens [1 7] and [5 5] score one another 10, 8, 8 and 10."""
    model = Llama(2, 2, 1, 1, 1, 3)
    state = {
        "tokens.weight": torch.tensor([[1.0, 7.0], [5.0, 5.0]]),
        "blocks.0.attention.out.weight": torch.zeros(2, 2),
        "blocks.0.feed_forward.down.weight": torch.zeros(2, 3),
        "norm.weight": torch.ones(2),
    }
    model.load_state_dict(state, strict=False)
    # The root mean square of either token is 5, and the norm makes them [0.2 1.4] and [1 1].
    say = "the logits are norm(x) times tokens.weight, transposed"
    close(model(torch.tensor([[0, 1]])), torch.tensor([[[10.0, 8.0], [8.0, 10.0]]]), say=say)


def test_a_block_adds_attention_and_then_the_feed_forward_layer(LlamaBlock, randn):
    """A block gives y + feed_forward(norm2(y)) for y = x + attention(norm1(x)), and keeps x."""
    block = LlamaBlock(12, 6, 2, 7, 100.0, 0.5)
    state = _filled(block, randn)
    x = randn(2, 5, 12)
    before = x.clone()
    close(block(x), _block(x, state, heads=6, kv_heads=2, base=100.0, eps=0.5))
    equal(x, before, say="x has changed")


def test_the_logits_follow_the_rule(Llama, randn, randint):
    """The logits are those of the rule, written with PyTorch's attention, for two shapes."""
    for sizes, kv_heads in [(SIZES, 2), ({**SIZES, "layers": 2, "heads": 3, "kv_heads": 1}, 1)]:
        model = Llama(**sizes)
        state, ids = _filled(model, randn), randint(0, 11, 2, 5)
        want = _logits(ids, state, heads=sizes["heads"], kv_heads=kv_heads)
        close(model(ids), want, atol=1e-4, say=f"{sizes}")


def test_base_is_the_base_of_the_rotations(Llama, randn, randint):
    """Each block turns queries and keys by the base that was given, or else by 10,000."""
    ids = randint(0, 11, 1, 7)
    for given, base in [({"base": 3.0}, 3.0), ({"base": 500.0}, 500.0), ({}, 10_000.0)]:
        # Heads of six numbers: of two, all turn by the same angle, whatever the base.
        model = Llama(**{**SIZES, "heads": 2}, **given)
        state = _filled(model, randn)
        want = _logits(ids, state, heads=2, kv_heads=2, base=base)
        close(model(ids), want, atol=1e-4, say=f"with {given or 'no base given'}")


def test_eps_reaches_every_norm(Llama, randn, randint):
    """Both norms of a block and the last one add the eps that was given, or else 1e-5."""
    ids = randint(0, 11, 2, 3)
    for given, eps, size in [({"eps": 0.5}, 0.5, 1.0), ({}, 1e-5, 1e-3)]:
        model = Llama(**SIZES, **given)
        state = _filled(model, randn)
        # With tokens of a thousandth and blocks that add little, an eps of 1e-5 shows.
        state = {name: size * part if part.dim() > 1 else part for name, part in state.items()}
        model.load_state_dict(state, strict=False)
        want = _logits(ids, state, heads=6, kv_heads=2, eps=eps)
        close(model(ids) / size, want / size, atol=1e-4, say=f"with {given or 'no eps given'}")


def test_a_later_token_changes_no_earlier_row(Llama, randn, randint):
    """Another last token leaves the logits of all tokens before it as they were."""
    model = Llama(**SIZES)
    _filled(model, randn)
    ids = randint(0, 11, 2, 5)
    changed = ids.clone()
    changed[:, 4] = (changed[:, 4] + 1) % 11
    # Within one shape every row is computed alike, so only rounding could differ.
    close(model(changed)[:, :4], model(ids)[:, :4], say="token 4 has reached a row before it")


def test_each_sequence_is_read_by_itself(Llama, randn, randint):
    """A sequence has the same logits alone and in company, in training and in evaluation."""
    model = Llama(**SIZES)
    _filled(model, randn)
    ids = randint(0, 11, 3, 5)
    together = model(ids)
    for row in range(3):
        close(model(ids[row : row + 1])[0], together[row], say=f"sequence {row} alone")
    model.eval()
    close(model(ids), together, say="after model.eval()")


def test_a_text_of_any_length_is_read(Llama, randn, randint):
    """A text of 1,300 tokens gets the logits of the rule, to its last row."""
    model = Llama(11, 2, 1, 1, 1, 3)
    state, ids = _filled(model, randn), randint(0, 11, 1, 1300)
    close(model(ids), _logits(ids, state, heads=1, kv_heads=1), atol=1e-3)


def test_the_gradients_are_those_of_the_rule(Llama, randn, randint):
    """Each parameter gets the gradient of the rule; the token table gets it from both its ends."""
    model = Llama(**SIZES)
    state, ids, upstream = _filled(model, randn), randint(0, 11, 2, 5), randn(2, 5, 11)
    gradients(model, ids, upstream=upstream)
    twins = {name: part.double().requires_grad_() for name, part in state.items()}
    (_logits(ids, twins, heads=6, kv_heads=2, dtype=torch.float64) * upstream).sum().backward()
    for name, twin in twins.items():
        got = model.get_parameter(name).grad
        # Gradients of a few hundred float32 sums each; the largest are near 100.
        close(got, twin.grad.float(), atol=2e-3, rtol=1e-3, say=f"the gradient of {name}")


def _filled(module, randn):
    """Give a module random weights, in which nothing is small beside the rest; return them."""
    state = {}
    for name, part in value(module.named_parameters()):
        spread = 1.0 if part.dim() == 1 or name == "tokens.weight" else part.shape[1] ** -0.5
        state[name] = spread * randn(*part.shape)
    module.load_state_dict(state, strict=False)
    return state


def _logits(ids, state, heads, kv_heads, base=10_000.0, eps=1e-5, dtype=torch.float32):
    """Llama by the rule, in float64 inside."""
    parts = {name: part.double() for name, part in state.items()}
    x = parts["tokens.weight"][ids]
    for number in range(sum(name.endswith("norm1.weight") for name in parts)):
        head = f"blocks.{number}."
        block = {n.removeprefix(head): part for n, part in parts.items() if n.startswith(head)}
        x = _block(x, block, heads, kv_heads, base, eps)
    return (_norm(x, parts["norm.weight"], eps) @ parts["tokens.weight"].T).to(dtype)


def _block(x, parts, heads, kv_heads, base, eps):
    """A block by the rule, in float64 inside."""
    dtype, x = x.dtype, x.double()
    parts = {name: part.double() for name, part in parts.items()}
    normal = _norm(x, parts["norm1.weight"], eps)
    q, k, v = (
        (normal @ parts[f"attention.{name}.weight"].T).unflatten(2, (count, -1)).transpose(1, 2)
        for name, count in (("query", heads), ("key", kv_heads), ("value", kv_heads))
    )
    k, v = (part.repeat_interleave(heads // kv_heads, dim=1) for part in (_turned(k, base), v))
    read = functional.scaled_dot_product_attention(_turned(q, base), k, v, is_causal=True)
    x = x + read.transpose(1, 2).flatten(2) @ parts["attention.out.weight"].T
    normal = _norm(x, parts["norm2.weight"], eps)
    gate = functional.silu(normal @ parts["feed_forward.gate.weight"].T)
    up = normal @ parts["feed_forward.up.weight"].T
    return (x + (gate * up) @ parts["feed_forward.down.weight"].T).to(dtype)


def _norm(x, weight, eps):
    """RMS norm by the rule."""
    return x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt() * weight


def _turned(x, base):
    """Numbers j and j + D/2 as a complex number, turned by t base^(-2j/D) at position t."""
    half = x.shape[-1] // 2
    speed = base ** (-torch.arange(half, dtype=torch.float64) / half)
    angle = torch.arange(x.shape[-2], dtype=torch.float64).unsqueeze(1) * speed
    turned = torch.complex(x[..., :half], x[..., half:]) * torch.polar(
        torch.ones(()).double(), angle
    )
    return torch.cat([turned.real, turned.imag], dim=-1)
