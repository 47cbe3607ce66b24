"""What is asked of flash attention."""

import math

import pytest
import torch
from torch.nn import functional

from grader.engine.expect import close, equal, finite, shaped


def test_the_result_has_the_shape_and_dtype_of_q(flash, randn):
    """The result has the shape and the dtype of q, for lengths that fit the tiles or do not."""
    for tokens, dtype in [(8, torch.float32), (7, torch.float64), (1, torch.float32)]:
        q, k, v = randn(3, 2, 3, tokens, 5, dtype=dtype)
        say = f"{tokens} tokens in {dtype}, tiles of 4"
        shaped(flash(q, k, v, block=4), (2, 3, tokens, 5), dtype, say=say)


def test_means_worked_by_hand(flash):
    """Queries of zero read all up to themselves alike: 2, 4, 9 and 1 become 2, 3, 5 and 4."""
    zeros, v = torch.zeros(1, 1, 4, 1), torch.tensor([[[[2.0], [4.0], [9.0], [1.0]]]])
    want = torch.tensor([[[[2.0], [3.0], [5.0], [4.0]]]])
    for block in (1, 2, 3, 4, 64):
        close(flash(zeros, zeros, v, block=block), want, say=f"tiles of {block}")


def test_a_peak_in_a_later_tile_rescales_what_came_before(flash):
    """Scores log 1, log 2 and log 5 in tiles of one weigh the values 8, 4 and 16 as 1 : 2 : 5."""
    k = torch.tensor([1.0, 2.0, 5.0]).log().reshape(1, 1, 3, 1)
    v = torch.tensor([8.0, 4.0, 16.0]).reshape(1, 1, 3, 1)
    want = torch.tensor([8.0, 16 / 3, 12.0]).reshape(1, 1, 3, 1)
    close(flash(torch.ones(1, 1, 3, 1), k, v, block=1), want, say="(8 + 2 * 4 + 5 * 16) / 8")


def test_it_is_causal_attention_whatever_the_tiles(flash, randn):
    """For tiles of 1 to 64 the result is that of PyTorch's causal attention, to 1e-5."""
    q, k, v = randn(3, 2, 3, 13, 5)
    want = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    for block in (1, 2, 3, 5, 12, 13, 64):
        # 1e-5 is some eighty roundings of a mean of numbers near 1.
        close(flash(q, k, v, block=block), want, atol=1e-5, rtol=1e-5, say=f"tiles of {block}")
    close(flash(q, k, v), want, atol=1e-5, rtol=1e-5, say="tiles of 64, as none are given")


def test_in_float64_it_is_right_to_the_last_digits(flash, randn):
    """In float64 the result is PyTorch's to 1e-9: nothing is approximated."""
    q, k, v = randn(3, 1, 2, 23, 7, dtype=torch.float64)
    want = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    close(flash(q, k, v, block=5), want)


def test_future_tokens_never_change_an_earlier_output(flash, randn):
    """Changing tokens 4 and 5 leaves the outputs of tokens 0 to 3, in any tiles."""
    q, k, v = randn(3, 1, 2, 6, 5)
    changed = [part.clone() for part in (q, k, v)]
    for part in changed:
        part[:, :, 4:] += 1.0
    for block in (1, 3, 4, 5, 64):
        before, after = flash(q, k, v, block=block), flash(*changed, block=block)
        close(after[:, :, :4], before[:, :, :4], say=f"tiles of {block}")


def test_huge_scores_stay_finite(flash):
    """Scores of 10,000 and -10,000, rising or falling from tile to tile, pick one value."""
    k = torch.tensor([-100.0, 100.0, -100.0, 100.0]).reshape(1, 1, 4, 1)
    v = torch.tensor([3.0, 5.0, 7.0, 9.0]).reshape(1, 1, 4, 1)
    for sign, picked in [(1.0, [3.0, 5.0, 5.0, 7.0]), (-1.0, [3.0, 3.0, 5.0, 5.0])]:
        want = torch.tensor(picked).reshape(1, 1, 4, 1)
        for block in (1, 2, 3):
            got = flash(torch.full((1, 1, 4, 1), sign * 100.0), k, v, block=block)
            finite(got)
            # Near 10,000 neighbours in float32 are 1e-3 apart, and so may the weights be.
            close(got, want, atol=1e-2, rtol=0, say=f"tiles of {block}")


def test_scores_far_below_zero_weigh_like_others(flash, randn):
    """When all scores of a query are lowered by 1,000 its weights stay as they were."""
    q, k, v = randn(3, 1, 1, 7, 3)
    q[..., 0], k[..., 0] = 1.0, 0.0
    want = flash(q, k, v, block=2)
    k[..., 0] = -1000 * math.sqrt(3)
    # Near 1,000 neighbours in float32 are 6e-5 apart, so weights are right to 1e-4 or so.
    close(flash(q, k, v, block=2), want, atol=1e-3, rtol=0, say="scores near -1,000")


def test_a_long_text_takes_memory_for_tiles_alone(flash, randn, room):
    """8,192 tokens in tiles of 512 are attended to in 28 MiB; the table would take 256."""
    q, k, v = randn(3, 1, 1, 8192, 2)
    flash(*(part[:, :, :1024] for part in (q, k, v)), block=512)  # whatever is set up once
    room(28)
    got = flash(q, k, v, block=512)
    shaped(got, (1, 1, 8192, 2), torch.float32)
    for t in (0, 511, 512, 4099, 8191):
        alone = q[:, :, [t]], k[:, :, : t + 1], v[:, :, : t + 1]
        want = functional.scaled_dot_product_attention(*alone)
        close(got[:, :, [t]], want, atol=1e-5, rtol=1e-5, say=f"token {t}")


def test_tiles_of_nothing_are_refused(flash, randn):
    """A block of 0 or -1 raises ValueError."""
    q, k, v = randn(3, 1, 1, 3, 2)
    for block in (0, -1):
        with pytest.raises(ValueError):
            flash(q, k, v, block=block)


def test_the_inputs_stay_as_they_were(flash, randn):
    """Flash attention leaves q, k and v alone."""
    inputs = randn(3, 1, 2, 7, 5).unbind()
    before = [part.clone() for part in inputs]
    flash(*inputs, block=3)
    for name, part, old in zip("qkv", inputs, before, strict=True):
        equal(part, old, say=f"{name} has changed")
