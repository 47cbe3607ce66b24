"""What the checks of the two Transformer blocks have in common."""

import math
from functools import partial

import torch
from torch import nn
from torch.nn import functional

from grader.checks import close, equal, gradients, holds, shaped, uniform, value

WIDTH, DOUBLE = 6, torch.float64
SILENT_ATTENTION = ("attention.out.weight", "attention.out.bias")
SILENT_FEED_FORWARD = ("feed_forward.down.weight", "feed_forward.down.bias")


def claim_parameters(Block):
    """Claim the names and shapes of the parameters, and that each is trained."""
    block = Block(WIDTH, 2)
    parameters = dict(value(block.named_parameters()))
    shapes = {name: tuple(part.shape) for name, part in parameters.items()}
    equal(shapes, list_shapes(), say="the parameters and their shapes for C = 6 and 2 heads")
    for name, part in block.named_parameters():
        holds(part.requires_grad, f"{name} is trained, so it must require a gradient")


def claim_first_values(Block):
    """Claim how the norms and the layers of a new block begin."""
    parameters = dict(value(Block(32, 2).named_parameters()))
    others = dict(value(Block(32, 2).named_parameters()))
    for name, part in parameters.items():
        if name.startswith("norm"):
            want = torch.ones(32) if name.endswith("weight") else torch.zeros(32)
            equal(part, want, say=name)
            continue
        bound = 1 / math.sqrt(128 if "down" in name else 32)
        say = f"{name} is uniform from -1 / sqrt(inputs) to 1 / sqrt(inputs), here {bound:.4f}"
        uniform(part, bound, say)
        holds(not torch.equal(part, others[name]), f"{name} is drawn anew for each new block")


def claim_shapes(Block, randn):
    """Claim the shape and the dtype of the result for many shapes of x."""
    for shape in [(2, 5, WIDTH), (1, 1, WIDTH), (3, 1, WIDTH), (1, 7, WIDTH), (6, 6, WIDTH)]:
        got = Block(WIDTH, 2)(randn(*shape))
        shaped(got, shape, torch.float32, say=f"x of shape {shape}")
    shaped(Block(1, 1)(randn(2, 3, 1)), (2, 3, 1), torch.float32, say="a width of 1")
    double = Block(WIDTH, 2).double()(randn(2, 5, WIDTH, dtype=DOUBLE))
    shaped(double, (2, 5, WIDTH), DOUBLE, say="float64 with parameters in float64")


def claim_no_dropout(Block, randn):
    """Claim the same result in training mode and in evaluation mode."""
    block, x = Block(WIDTH, 2), randn(3, 7, WIDTH)
    first = block(x)
    close(block(x), first, say="the same x once more: there is no dropout and nothing else random")
    close(block.eval()(x), first, say="after block.eval(): there is no dropout")
    close(block.train()(x), first, say="after block.train()")


def claim_causality(Block, randn):
    """Claim that a token changes no output before its own."""
    block, x = Block(WIDTH, 2), randn(2, 5, WIDTH)
    changed = x.clone()
    changed[:, 3] = randn(2, WIDTH)
    before, after = block(x), block(changed)
    close(after[:, :3], before[:, :3])
    holds(
        not torch.allclose(after[:, 3:], before[:, 3:]),
        "the outputs of tokens 3 and 4 depend on token 3",
    )


def claim_own_sequences(Block, randn):
    """Claim that a sequence has the same output alone and in a batch."""
    block, x = Block(WIDTH, 2), randn(3, 5, WIDTH)
    together = block(x)
    for i in range(3):
        close(
            block(x[i : i + 1]),
            together[i : i + 1],
            say=f"sequence {i} on its own and in the batch",
        )


def claim_any_layout(Block, randn, by_torch):
    """Claim that views of x give what their copies give."""
    parts, x = draw_parts(randn), randn(2, 5, WIDTH, dtype=DOUBLE)
    block, want = load(Block(WIDTH, 2).double(), parts), by_torch(x, parts, 2)
    for dims in [(0, 1), (0, 2), (1, 2)]:
        turned = x.transpose(*dims).contiguous().transpose(*dims)
        close(block(turned), want, atol=1e-5, say="a transposed view")
    strided = x.repeat_interleave(2, dim=1)[:, ::2]
    close(block(strided), want, atol=1e-5, say="every second token of a tensor")
    same = block(x[:1].expand(3, 5, WIDTH))
    close(same, want[:1].expand(3, 5, WIDTH), atol=1e-5, say="a sequence that is expanded to three")


def claim_no_cached_parameters(Block, randn, by_torch):
    """Claim that changed parameters count in the next call."""
    block, x = Block(WIDTH, 2).double(), randn(2, 5, WIDTH, dtype=DOUBLE)
    for say in ("at first", "after a change"):
        parts = draw_parts(randn)
        close(load(block, parts)(x), by_torch(x, parts, 2), atol=1e-5, say=say)


def claim_own_results(Block, randn, beside, by_torch):
    """Claim that later calls leave earlier results as they are."""
    parts, inputs = draw_parts(randn), [randn(2, 5, WIDTH, dtype=DOUBLE) for _ in range(3)]
    block = load(Block(WIDTH, 2).double(), parts)
    wants = [by_torch(x, parts, 2) for x in inputs]
    results = beside("builtins.list")(beside("builtins.map")(block, inputs))
    for got, want in zip(results, wants, strict=True):
        close(got, want, atol=1e-5, say="three calls, one after the other")


def claim_unchanged_x(Block, randn):
    """Claim that x is not changed in place."""
    for dtype in (torch.float32, DOUBLE):
        x = randn(2, 5, WIDTH, dtype=dtype)
        before = x.clone()
        Block(WIDTH, 2).to(dtype)(x)
        equal(x, before, say="the call changed its input x; return a new tensor")


def claim_gradients(Block, randn, by_torch):
    """Claim the gradients of PyTorch's layer."""
    parts = draw_parts(randn)
    block = load(Block(WIDTH, 3).double(), parts)
    x, upstream = (randn(2, 5, WIDTH, dtype=DOUBLE) for _ in range(2))
    (got,) = gradients(block, x, upstream=upstream)
    twins = {name: part.requires_grad_() for name, part in parts.items()}
    x.requires_grad_()
    (by_torch(x, twins, 3) * upstream).sum().backward()
    close(got, x.grad, atol=1e-4, rtol=1e-4, say="the gradient of x")
    for name, part in block.named_parameters():
        # Float32's accuracy; and the gradient of the keys' bias is rounding alone.
        say = f"the gradient of {name}"
        close(value(part.grad), twins[name].grad, atol=1e-4, rtol=1e-4, say=say)


def list_shapes():
    """Return the parameters' names and shapes for an embedding dimension of 6."""
    linear = {f"attention.{name}": (WIDTH, WIDTH) for name in ("query", "key", "value", "out")}
    linear["feed_forward.up"] = (4 * WIDTH, WIDTH)
    linear["feed_forward.down"] = (WIDTH, 4 * WIDTH)
    linear |= {"norm1": (WIDTH,), "norm2": (WIDTH,)}
    weights = {f"{name}.weight": shape for name, shape in linear.items()}
    return weights | {f"{name}.bias": shape[:1] for name, shape in linear.items()}


def draw_parts(randn, silent=()):
    """Return random parameters; those named in ``silent`` are zero."""
    parts = {name: randn(*shape, dtype=DOUBLE) for name, shape in list_shapes().items()}
    return parts | {name: torch.zeros_like(parts[name]) for name in silent}


def load(block, parts):
    """Return the block with these parameters."""
    block.load_state_dict(parts, strict=False)
    return block


def compute_by_torch(x, parts, heads, norm_first):
    """Return the output of PyTorch's causal layer with these parameters."""
    activation = partial(functional.gelu, approximate="tanh")
    layer = nn.TransformerEncoderLayer(
        WIDTH,
        heads,
        4 * WIDTH,
        0.0,
        activation,
        batch_first=True,
        norm_first=norm_first,
        dtype=DOUBLE,
    )
    mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1], dtype=DOUBLE)
    return torch.func.functional_call(layer, _rename_for_torch(parts), (x, mask))


def _rename_for_torch(parts):
    """Return the parameters under PyTorch's names, which joins queries, keys and values."""
    names = {
        "attention.out": "self_attn.out_proj",
        "feed_forward.up": "linear1",
        "feed_forward.down": "linear2",
        "norm1": "norm1",
        "norm2": "norm2",
    }
    state = {}
    for kind in ("weight", "bias"):
        joined = [parts[f"attention.{name}.{kind}"] for name in ("query", "key", "value")]
        state[f"self_attn.in_proj_{kind}"] = torch.cat(joined)
        state |= {f"{theirs}.{kind}": parts[f"{ours}.{kind}"] for ours, theirs in names.items()}
    return state
