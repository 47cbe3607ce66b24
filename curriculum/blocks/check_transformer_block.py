"""The checks of the Transformer block."""

from functools import partial

import torch
from torch.nn import functional

from grader.checks import close, load_shared

shared = load_shared(__file__)
by_torch = partial(shared.compute_by_torch, norm_first=True)
draw_parts, load, WIDTH, DOUBLE = shared.draw_parts, shared.load, shared.WIDTH, shared.DOUBLE


def test_the_parameters_are_those_of_the_four_parts(TransformerBlock):
    """The parameters are those of the four parts; the hidden dimension is 4 C."""
    shared.claim_parameters(TransformerBlock)


def test_the_parts_begin_as_the_earlier_exercises_make_them(TransformerBlock):
    """New norms have a weight of ones and a bias of zeros; new layers are uniform."""
    shared.claim_first_values(TransformerBlock)


def test_the_result_has_the_shape_and_dtype_of_x(TransformerBlock, randn):
    """The result has the shape and the dtype of x, for any B and T."""
    shared.claim_shapes(TransformerBlock, randn)


def test_training_and_evaluation_mode_compute_the_same(TransformerBlock, randn):
    """After eval() and after train() the result is the same, and the same as at first."""
    shared.claim_no_dropout(TransformerBlock, randn)


def test_numbers_worked_by_hand(TransformerBlock, randn):
    """If attention returns 10 and the feed-forward network 0.5 everywhere, x grows by 10.5."""
    parts = draw_parts(randn)
    for name, bias in (("attention.out", 10.0), ("feed_forward.down", 0.5)):
        parts[f"{name}.weight"] = torch.zeros_like(parts[f"{name}.weight"])
        parts[f"{name}.bias"] = torch.full((WIDTH,), bias, dtype=DOUBLE)
    x = torch.tensor([[[5.0, 7.0, -1.0, 0.0, 2.0, 1.0], [3.0] * WIDTH]], dtype=DOUBLE)
    got = load(TransformerBlock(WIDTH, 2).double(), parts)(x)
    close(got, x + 10.5, say="both outputs are added to x itself, not to its normalised form")


def test_attention_reads_the_norm_of_x(TransformerBlock, randn):
    """If the feed-forward network returns zeros, the result is x + attention(norm1(x))."""
    parts = draw_parts(randn, silent=shared.SILENT_FEED_FORWARD)
    x = randn(2, 5, WIDTH, dtype=DOUBLE) + 3
    got = load(TransformerBlock(WIDTH, 2).double(), parts)(x)
    close(got, by_torch(x, parts, 2), atol=1e-5, rtol=1e-4)


def test_the_feed_forward_network_reads_the_second_norm(TransformerBlock, randn):
    """If attention returns zeros, the result is x + feed_forward(norm2(x))."""
    parts = draw_parts(randn, silent=shared.SILENT_ATTENTION)
    x = randn(2, 5, WIDTH, dtype=DOUBLE) + 3
    got = load(TransformerBlock(WIDTH, 2).double(), parts)(x)
    normal = functional.layer_norm(x, (WIDTH,), parts["norm2.weight"], parts["norm2.bias"])
    up = [parts[f"feed_forward.up.{kind}"] for kind in ("weight", "bias")]
    down = [parts[f"feed_forward.down.{kind}"] for kind in ("weight", "bias")]
    hidden = functional.gelu(functional.linear(normal, *up), approximate="tanh")
    close(got, x + functional.linear(hidden, *down))


def test_the_block_is_pytorchs_with_norms_first(TransformerBlock, randn):
    """With any parameters, heads and T, the block equals PyTorch's with norm_first=True."""
    for heads, tokens in [(1, 1), (3, 7), (6, 6), (2, 131)]:
        parts, x = draw_parts(randn), randn(2, tokens, WIDTH, dtype=DOUBLE)
        got = load(TransformerBlock(WIDTH, heads).double(), parts)(x)
        say = f"{heads} heads, {tokens} tokens: feed_forward reads norm2(h)"
        close(got, by_torch(x, parts, heads), atol=1e-5, rtol=1e-4, say=say)


def test_later_tokens_never_change_an_earlier_result(TransformerBlock, randn):
    """Changing token 3 leaves the outputs of tokens 0 to 2 unchanged, and changes its own."""
    shared.claim_causality(TransformerBlock, randn)


def test_each_sequence_is_treated_by_itself(TransformerBlock, randn):
    """A sequence's output does not depend on the rest of the batch."""
    shared.claim_own_sequences(TransformerBlock, randn)


def test_eps_counts_for_small_numbers(TransformerBlock, randn):
    """The norms have their own eps of 1e-5, which counts for numbers near 0.001."""
    silent = shared.SILENT_ATTENTION + shared.SILENT_FEED_FORWARD
    for size in (1e-3, 3e-3):
        parts, x = draw_parts(randn, silent=silent), size * randn(2, 5, WIDTH, dtype=DOUBLE)
        parts |= {
            name: randn(*parts[name].shape, dtype=DOUBLE) for name in shared.SILENT_FEED_FORWARD
        }
        got = load(TransformerBlock(WIDTH, 2).double(), parts)(x)
        close(got, by_torch(x, parts, 2), atol=1e-6, rtol=1e-4, say=f"numbers near {size:g}")


def test_the_layout_in_memory_makes_no_difference(TransformerBlock, randn):
    """An x that is a transposed, strided or expanded view gives what a copy of it gives."""
    shared.claim_any_layout(TransformerBlock, randn, by_torch)


def test_changed_parameters_count_from_the_next_call(TransformerBlock, randn):
    """Parameters that change between two calls, as in training, count in the second."""
    shared.claim_no_cached_parameters(TransformerBlock, randn, by_torch)


def test_each_call_returns_a_tensor_of_its_own(TransformerBlock, randn, beside):
    """Each call computes anew and leaves the results of earlier calls as they are."""
    shared.claim_own_results(TransformerBlock, randn, beside, by_torch)


def test_x_stays_as_it_was(TransformerBlock, randn):
    """The block returns a new tensor and does not change its input."""
    shared.claim_unchanged_x(TransformerBlock, randn)


def test_the_gradients_are_pytorchs(TransformerBlock, randn):
    """The gradients of x and of all parameters equal those of PyTorch's layer."""
    shared.claim_gradients(TransformerBlock, randn, by_torch)
