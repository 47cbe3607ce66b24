"""The checks of the post-norm block."""

from functools import partial

import torch
from torch.nn import functional

from grader.checks import close, load_shared

shared = load_shared(__file__)
by_torch = partial(shared.compute_by_torch, norm_first=False)
draw_parts, load, WIDTH, DOUBLE = shared.draw_parts, shared.load, shared.WIDTH, shared.DOUBLE


def test_the_parameters_are_those_of_the_four_parts(PostNormBlock):
    """The parameters are those of the four parts; the hidden dimension is 4 C."""
    shared.claim_parameters(PostNormBlock)


def test_the_parts_begin_as_the_earlier_exercises_make_them(PostNormBlock):
    """New norms have a weight of ones and a bias of zeros; new layers are uniform."""
    shared.claim_first_values(PostNormBlock)


def test_the_result_has_the_shape_and_dtype_of_x(PostNormBlock, randn):
    """The result has the shape and the dtype of x, for any B and T."""
    shared.claim_shapes(PostNormBlock, randn)


def test_training_and_evaluation_mode_compute_the_same(PostNormBlock, randn):
    """After eval() and after train() the result is the same, and the same as at first."""
    shared.claim_no_dropout(PostNormBlock, randn)


def test_a_token_worked_by_hand(PostNormBlock, randn):
    """If both parts return zeros, [1, 1, 1, 1, 1, 7] is normalised: its 7 becomes sqrt(5)."""
    block, x = PostNormBlock(WIDTH, 2).double(), torch.ones(1, 1, WIDTH, dtype=DOUBLE)
    silent = draw_parts(randn, silent=shared.SILENT_ATTENTION + shared.SILENT_FEED_FORWARD)
    norms = {name: part for name, part in silent.items() if "norm" not in name}
    x[..., 5] = 7.0
    low = -(5**-0.5)
    want = torch.tensor([[[low] * 5 + [-5 * low]]], dtype=DOUBLE)
    # The second norm's input has variance 1, so its eps of 1e-5 changes the result by 5e-6.
    close(
        load(block, norms)(x),
        want,
        atol=2e-5,
        say="the mean is 2, the variance 5, and norm2 changes nothing more",
    )


def test_each_new_result_has_mean_0_and_variance_1(PostNormBlock, randn):
    """Each output vector of a new block has mean 0 and variance 1, however large x is."""
    got = PostNormBlock(WIDTH, 2)(10 * randn(2, 5, WIDTH) + 3)
    close(got.mean(dim=-1), torch.zeros(2, 5), atol=1e-4, say="the mean")
    # The second norm's input has a variance near 1, and eps is 1e-5.
    close(got.var(dim=-1, correction=0), torch.ones(2, 5), atol=1e-3, say="the variance")


def test_the_first_norm_takes_the_sum_of_x_and_attention(PostNormBlock, randn):
    """If the feed-forward network returns zeros, the result is norm2(norm1(x + attention(x)))."""
    parts = draw_parts(randn, silent=shared.SILENT_FEED_FORWARD)
    x = randn(2, 5, WIDTH, dtype=DOUBLE) + 3
    got = load(PostNormBlock(WIDTH, 2).double(), parts)(x)
    close(got, by_torch(x, parts, 2), atol=1e-5, rtol=1e-4)


def test_the_second_norm_takes_the_sum_of_h_and_the_network(PostNormBlock, randn):
    """If attention returns zeros, h is norm1(x) and the result is norm2(h + feed_forward(h))."""
    parts = draw_parts(randn, silent=shared.SILENT_ATTENTION)
    x = randn(2, 5, WIDTH, dtype=DOUBLE) + 3
    got = load(PostNormBlock(WIDTH, 2).double(), parts)(x)
    up, down, norm1, norm2 = (
        (parts[f"{name}.weight"], parts[f"{name}.bias"])
        for name in ("feed_forward.up", "feed_forward.down", "norm1", "norm2")
    )
    h = functional.layer_norm(x, (WIDTH,), *norm1)
    hidden = functional.gelu(functional.linear(h, *up), approximate="tanh")
    close(got, functional.layer_norm(h + functional.linear(hidden, *down), (WIDTH,), *norm2))


def test_the_block_is_pytorchs_with_norms_last(PostNormBlock, randn):
    """With any parameters, heads and T, the block equals PyTorch's with norm_first=False."""
    for heads, tokens in [(1, 1), (3, 7), (6, 6), (2, 131)]:
        parts, x = draw_parts(randn), randn(2, tokens, WIDTH, dtype=DOUBLE)
        got = load(PostNormBlock(WIDTH, heads).double(), parts)(x)
        close(
            got,
            by_torch(x, parts, heads),
            atol=1e-5,
            rtol=1e-4,
            say=f"{heads} heads, {tokens} tokens",
        )


def test_later_tokens_never_change_an_earlier_result(PostNormBlock, randn):
    """Changing token 3 leaves the outputs of tokens 0 to 2 unchanged, and changes its own."""
    shared.claim_causality(PostNormBlock, randn)


def test_each_sequence_is_treated_by_itself(PostNormBlock, randn):
    """A sequence's output does not depend on the rest of the batch."""
    shared.claim_own_sequences(PostNormBlock, randn)


def test_eps_counts_for_small_numbers(PostNormBlock, randn):
    """The norms have their own eps of 1e-5, which counts for numbers near 0.001."""
    silent = shared.SILENT_ATTENTION + shared.SILENT_FEED_FORWARD
    for size in (1e-3, 3e-3):
        parts, x = draw_parts(randn, silent=silent), size * randn(2, 5, WIDTH, dtype=DOUBLE)
        got = load(PostNormBlock(WIDTH, 2).double(), parts)(x)
        close(got, by_torch(x, parts, 2), atol=1e-6, rtol=1e-4, say=f"numbers near {size:g}")


def test_the_layout_in_memory_makes_no_difference(PostNormBlock, randn):
    """An x that is a transposed, strided or expanded view gives what a copy of it gives."""
    shared.claim_any_layout(PostNormBlock, randn, by_torch)


def test_changed_parameters_count_from_the_next_call(PostNormBlock, randn):
    """Parameters that change between two calls, as in training, count in the second."""
    shared.claim_no_cached_parameters(PostNormBlock, randn, by_torch)


def test_each_call_returns_a_tensor_of_its_own(PostNormBlock, randn, beside):
    """Each call computes anew and leaves the results of earlier calls as they are."""
    shared.claim_own_results(PostNormBlock, randn, beside, by_torch)


def test_x_stays_as_it_was(PostNormBlock, randn):
    """The block returns a new tensor and does not change its input."""
    shared.claim_unchanged_x(PostNormBlock, randn)


def test_the_gradients_are_pytorchs(PostNormBlock, randn):
    """The gradients of x and of all parameters equal those of PyTorch's layer."""
    shared.claim_gradients(PostNormBlock, randn, by_torch)
