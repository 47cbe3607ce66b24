"""What is asked of the transformer block with norms after the sums."""

from functools import partial

import torch
from torch import nn
from torch.nn import functional

from grader.engine.expect import close, equal, holds, shaped
from grader.engine.side import gradients, value

WIDTH, DOUBLE = 6, torch.float64
SILENT_ATTENTION = ("attention.out.weight", "attention.out.bias")
SILENT_FEED_FORWARD = ("feed_forward.down.weight", "feed_forward.down.bias")


def test_the_parameters_are_those_of_the_four_parts(PostNormBlock):
    """norm1, attention, norm2 and feed_forward hold all parameters, with 4 C hidden numbers."""
    block = PostNormBlock(WIDTH, 2)
    parameters = dict(value(block.named_parameters()))
    shapes = {name: tuple(part.shape) for name, part in parameters.items()}
    equal(shapes, _shapes(), say="the parameters and their shapes for PostNormBlock(6, 2)")
    for name, part in block.named_parameters():
        holds(part.requires_grad, f"{name} is learnt: it requires a gradient")


def test_the_result_has_the_shape_and_dtype_of_x(PostNormBlock, randn):
    """The result has the shape and the dtype of what went in, for any B and T."""
    for shape in [(1, 1, WIDTH), (2, 5, WIDTH)]:
        got = PostNormBlock(WIDTH, 2)(randn(*shape))
        shaped(got, shape, torch.float32, say=f"x of shape {shape}")
    double = PostNormBlock(WIDTH, 2).double()(randn(2, 5, WIDTH, dtype=DOUBLE))
    shaped(double, (2, 5, WIDTH), DOUBLE, say="float64 with parameters in float64")


def test_a_token_worked_by_hand(PostNormBlock, randn):
    """With silent parts [1, 1, 1, 1, 1, 7] is normalised to mean 0, and its 7 to sqrt(5)."""
    block, x = PostNormBlock(WIDTH, 2).double(), torch.ones(1, 1, WIDTH, dtype=DOUBLE)
    silent = _parts(randn, silent=SILENT_ATTENTION + SILENT_FEED_FORWARD)
    norms = {name: part for name, part in silent.items() if "norm" not in name}
    x[..., 5] = 7.0
    low = -(5**-0.5)
    want = torch.tensor([[[low] * 5 + [-5 * low]]], dtype=DOUBLE)
    # eps = 1e-5 beside a variance of 1, which the second norm meets, changes 5e-6 of it.
    close(_with(block, norms)(x), want, atol=2e-5, say="mean 2, variance 5, norm after norm")


def test_each_new_result_has_mean_0_and_variance_1(PostNormBlock, randn):
    """However large x is, what leaves a new block has been normalised last."""
    got = PostNormBlock(WIDTH, 2)(10 * randn(2, 5, WIDTH) + 3)
    close(got.mean(dim=-1), torch.zeros(2, 5), atol=1e-4, say="the mean")
    # The second norm meets a variance near 1, beside which eps is 1e-5.
    close(got.var(dim=-1, correction=0), torch.ones(2, 5), atol=1e-3, say="the variance")


def test_the_first_norm_takes_the_sum_of_x_and_attention(PostNormBlock, randn):
    """With a silent feed-forward network the result is norm2(norm1(x + attention(x)))."""
    parts, x = _parts(randn, silent=SILENT_FEED_FORWARD), randn(2, 5, WIDTH, dtype=DOUBLE) + 3
    got = _with(PostNormBlock(WIDTH, 2).double(), parts)(x)
    close(got, _by_torch(x, parts, 2))


def test_the_second_norm_takes_the_sum_of_h_and_the_network(PostNormBlock, randn):
    """With silent attention h is norm1(x), and the result is norm2(h + feed_forward(h))."""
    parts, x = _parts(randn, silent=SILENT_ATTENTION), randn(2, 5, WIDTH, dtype=DOUBLE) + 3
    got = _with(PostNormBlock(WIDTH, 2).double(), parts)(x)
    up, down, norm1, norm2 = (
        (parts[f"{name}.weight"], parts[f"{name}.bias"])
        for name in ("feed_forward.up", "feed_forward.down", "norm1", "norm2")
    )
    h = functional.layer_norm(x, (WIDTH,), *norm1)
    hidden = functional.gelu(functional.linear(h, *up), approximate="tanh")
    close(got, functional.layer_norm(h + functional.linear(hidden, *down), (WIDTH,), *norm2))


def test_the_block_is_pytorchs_with_norms_last(PostNormBlock, randn):
    """With any parameters, heads and length it is PyTorch's causal layer as the paper has it."""
    for heads, tokens in [(1, 1), (2, 5), (3, 7)]:
        parts, x = _parts(randn), randn(2, tokens, WIDTH, dtype=DOUBLE)
        got = _with(PostNormBlock(WIDTH, heads).double(), parts)(x)
        close(got, _by_torch(x, parts, heads), say=f"{heads} heads, {tokens} tokens")


def test_later_tokens_never_change_an_earlier_result(PostNormBlock, randn):
    """Changing token 3 leaves the results of tokens 0 to 2 as they were, and changes its own."""
    block, x = PostNormBlock(WIDTH, 2), randn(2, 5, WIDTH)
    changed = x.clone()
    changed[:, 3] = randn(2, WIDTH)
    before, after = block(x), block(changed)
    close(after[:, :3], before[:, :3])
    holds(not torch.allclose(after[:, 3:], before[:, 3:]), "tokens 3 and 4 read token 3")


def test_each_sequence_is_treated_by_itself(PostNormBlock, randn):
    """A sequence comes out the same alone and in company, in training and in evaluation."""
    block, x = PostNormBlock(WIDTH, 2), randn(3, 5, WIDTH)
    together = block(x)
    for i in range(3):
        close(block(x[i : i + 1]), together[i : i + 1], say=f"sequence {i} alone")
    block.eval()
    close(block(x), together, say="after block.eval()")


def test_x_stays_as_it_was(PostNormBlock, randn):
    """The block gives a new tensor and leaves its input alone."""
    x = randn(2, 5, WIDTH)
    before = x.clone()
    PostNormBlock(WIDTH, 2)(x)
    equal(x, before, say="the input has changed")


def test_the_gradients_are_pytorchs(PostNormBlock, randn):
    """x and all parameters get the gradients that PyTorch's layer gives them."""
    parts = _parts(randn)
    block = _with(PostNormBlock(WIDTH, 3).double(), parts)
    x, upstream = (randn(2, 5, WIDTH, dtype=DOUBLE) for _ in range(2))
    (got,) = gradients(block, x, upstream=upstream)
    twins = {name: part.requires_grad_() for name, part in parts.items()}
    x.requires_grad_()
    (_by_torch(x, twins, 3) * upstream).sum().backward()
    close(got, x.grad, say="the gradient of x")
    for name, part in block.named_parameters():
        # Keys all moved alike change no weight, so the gradient of their bias is rounding.
        close(value(part.grad), twins[name].grad, atol=1e-8, say=f"the gradient of {name}")


def _shapes():
    """The parameters' names and shapes for a width of 6."""
    linear = {f"attention.{name}": (WIDTH, WIDTH) for name in ("query", "key", "value", "out")}
    linear["feed_forward.up"] = (4 * WIDTH, WIDTH)
    linear["feed_forward.down"] = (WIDTH, 4 * WIDTH)
    linear |= {"norm1": (WIDTH,), "norm2": (WIDTH,)}
    weights = {f"{name}.weight": shape for name, shape in linear.items()}
    return weights | {f"{name}.bias": shape[:1] for name, shape in linear.items()}


def _parts(randn, silent=()):
    """Random parameters; those that are to be silent are zero."""
    parts = {name: randn(*shape, dtype=DOUBLE) for name, shape in _shapes().items()}
    return parts | {name: torch.zeros_like(parts[name]) for name in silent}


def _with(block, parts):
    """The block with these parameters."""
    block.load_state_dict(parts, strict=False)
    return block


def _by_torch(x, parts, heads):
    """What PyTorch's layer gives for x with these parameters, causal and with norms last."""
    bend = partial(functional.gelu, approximate="tanh")
    layer = nn.TransformerEncoderLayer(
        WIDTH, heads, 4 * WIDTH, 0.0, bend, batch_first=True, norm_first=False, dtype=DOUBLE
    )
    mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1], dtype=DOUBLE)
    return torch.func.functional_call(layer, _in_torchs_names(parts), (x, mask))


def _in_torchs_names(parts):
    """The parameters under PyTorch's names; queries, keys and values are joined there."""
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
