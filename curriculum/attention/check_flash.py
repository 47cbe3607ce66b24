"""The checks of FlashAttention."""

import math

import pytest
import torch
from torch.nn import functional

from grader.checks import close, equal, finite, shaped


def test_the_result_has_the_shape_and_dtype_of_q(flash, randn):
    """The result has the shape and dtype of q, also where block does not divide T."""
    for tokens, dtype in [(8, torch.float32), (7, torch.float64), (1, torch.float32)]:
        q, k, v = randn(3, 2, 3, tokens, 5, dtype=dtype)
        say = f"{tokens} tokens in {dtype}, tiles of 4"
        shaped(flash(q, k, v, block=4), (2, 3, tokens, 5), dtype, say=say)


def test_means_worked_by_hand(flash):
    """Zero queries give equal weights: the values 2, 4, 9 and 1 become 2, 3, 5 and 4."""
    zeros, v = torch.zeros(1, 1, 4, 1), torch.tensor([[[[2.0], [4.0], [9.0], [1.0]]]])
    want = torch.tensor([[[[2.0], [3.0], [5.0], [4.0]]]])
    for block in (1, 3, 2, 4, 64):
        close(flash(zeros, zeros, v, block=block), want, say=f"tiles of {block}")


def test_a_new_maximum_in_a_later_tile_rescales_earlier_tiles(flash):
    """Scores log 1, log 2 and log 5 in tiles of one key weight the values 8, 4, 16 as 1 : 2 : 5."""
    k = torch.tensor([1.0, 2.0, 5.0]).log().reshape(1, 1, 3, 1)
    v = torch.tensor([8.0, 4.0, 16.0]).reshape(1, 1, 3, 1)
    want = torch.tensor([8.0, 16 / 3, 12.0]).reshape(1, 1, 3, 1)
    close(flash(torch.ones(1, 1, 3, 1), k, v, block=1), want, say="(8 + 2 * 4 + 5 * 16) / 8")


def test_it_is_causal_attention_whatever_the_tiles(flash, randn):
    """For blocks of 1 to 64 the result equals PyTorch's causal attention to 1e-5."""
    q, k, v = randn(3, 2, 3, 13, 5)
    want = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    for block in (1, 2, 3, 5, 12, 13, 64):
        # 1e-5 is some eighty roundings of a mean of numbers near 1.
        close(flash(q, k, v, block=block), want, atol=1e-5, rtol=1e-5, say=f"tiles of {block}")
    close(flash(q, k, v), want, atol=1e-5, rtol=1e-5, say="tiles of 64, as none are given")


def test_in_float64_it_is_causal_attention_too(flash, randn):
    """In float64 the result equals PyTorch's to 1e-5, which float32 reaches and half does not."""
    q, k, v = randn(3, 1, 2, 23, 7, dtype=torch.float64)
    want = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    close(flash(q, k, v, block=5), want, atol=1e-5, rtol=1e-5)


def test_future_tokens_never_change_an_earlier_output(flash, randn):
    """Changing tokens 4 and 5 leaves the outputs of tokens 0 to 3 unchanged, for any block."""
    q, k, v = randn(3, 1, 2, 6, 5)
    changed = [part.clone() for part in (q, k, v)]
    for part in changed:
        part[:, :, 4:] += 1.0
    for block in (1, 3, 4, 5, 64):
        before, after = flash(q, k, v, block=block), flash(*changed, block=block)
        close(after[:, :, :4], before[:, :, :4], say=f"tiles of {block}")


def test_huge_scores_stay_finite(flash):
    """Scores of 10,000 and -10,000, in any order of queries and tiles, give no NaN."""
    q, v = torch.tensor([-100.0, 100.0, -100.0, 100.0]), torch.tensor([3.0, 5.0, 7.0, 9.0])
    q, v = q.reshape(1, 1, 4, 1), v.reshape(1, 1, 4, 1)
    want = torch.tensor([3.0, 4.0, 5.0, 6.0]).reshape(1, 1, 4, 1)
    got = flash(q, torch.full((1, 1, 4, 1), 100.0), v, block=2)
    finite(got)
    close(got, want, atol=1e-2, rtol=0, say="all keys alike, so the output is a mean")
    k = torch.tensor([-100.0, 100.0, -100.0, 100.0]).reshape(1, 1, 4, 1)
    for sign, picked in [(1.0, [3.0, 5.0, 5.0, 7.0]), (-1.0, [3.0, 3.0, 5.0, 5.0])]:
        want = torch.tensor(picked).reshape(1, 1, 4, 1)
        for block in (1, 2, 3):
            got = flash(torch.full((1, 1, 4, 1), sign * 100.0), k, v, block=block)
            finite(got)
            # Near 10,000 neighbours in float32 are 1e-3 apart, and so may the weights be.
            close(got, want, atol=1e-2, rtol=0, say=f"tiles of {block}")


def test_each_head_and_sequence_has_its_own_maximum(flash):
    """A score of 10,000 in one head or sequence leaves scores of -10,000 in another finite."""
    q = torch.tensor([[100.0, -100.0], [-1.0, 1.0]]).reshape(2, 2, 1, 1).expand(2, 2, 3, 1)
    k, v = torch.tensor([-100.0, 100.0, -100.0]), torch.tensor([3.0, 5.0, 7.0])
    k, v = (part.reshape(1, 1, 3, 1).expand(2, 2, 3, 1) for part in (k, v))
    up, down = [3.0, 5.0, 5.0], [3.0, 3.0, 5.0]
    want = torch.tensor([[up, down], [down, up]]).reshape(2, 2, 3, 1)
    for block in (1, 2, 3):
        got = flash(q, k, v, block=block)
        finite(got)
        close(got, want, atol=1e-2, rtol=0, say=f"tiles of {block}")


def test_scores_far_below_zero_weigh_like_others(flash, randn):
    """Lowering all scores of a query by 1,000 does not change its weights."""
    q, k, v = randn(3, 1, 1, 7, 3)
    q[..., 0], k[..., 0] = 1.0, 0.0
    want = flash(q, k, v, block=2)
    k[..., 0] = -1000 * math.sqrt(3)
    # Near 1,000 neighbours in float32 are 6e-5 apart, so weights are right to 1e-4 or so.
    close(flash(q, k, v, block=2), want, atol=1e-3, rtol=0, say="scores near -1,000")


def test_a_long_text_takes_memory_for_tiles_alone(flash, randn, room):
    """For 8,192 tokens in tiles of 512, 28 MiB of memory are enough; the table takes 256."""
    q, k, v = randn(3, 1, 1, 8192, 2)
    # A short text first: whatever is set up once is set up, and wrong numbers fail at little cost.
    short = [part[:, :, :1024] for part in (q, k, v)]
    want = functional.scaled_dot_product_attention(*short, is_causal=True)
    close(flash(*short, block=512), want, atol=1e-5, rtol=1e-5, say="1,024 tokens, tiles of 512")
    room(28)
    got = flash(q, k, v, block=512)
    shaped(got, (1, 1, 8192, 2), torch.float32)
    for t in (0, 511, 512, 4099, 8191):
        alone = q[:, :, [t]], k[:, :, : t + 1], v[:, :, : t + 1]
        want = functional.scaled_dot_product_attention(*alone)
        close(got[:, :, [t]], want, atol=1e-5, rtol=1e-5, say=f"token {t}")


def test_tiles_are_no_larger_than_block(flash, randn, room):
    """For 2,112 heads of 64 tokens in tiles of 11, 28 MiB are enough; one tile of 64 takes 33."""
    q, k, v = randn(3, 33, 64, 64, 1)
    want = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    got = flash(*(part[:1] for part in (q, k, v)), block=11)  # whatever is set up once
    close(got, want[:1], atol=1e-5, rtol=1e-5, say="64 heads of 64 tokens, tiles of 11")
    # A tile of 11 takes 1 MiB here: honest answers need 14 MiB at most. One that goes through the
    # heads in a loop computes 21 tiles for each, in a second or two. Memory of more than 32 MiB is
    # always asked of the system, never taken from what this process had before.
    room(28)
    close(flash(q, k, v, block=11), want, atol=1e-5, rtol=1e-5, say="2,112 heads, tiles of 11")


def test_tiles_of_nothing_are_refused(flash, randn):
    """A block of 0 or -1 raises ValueError."""
    q, k, v = randn(3, 1, 1, 3, 2)
    for block in (0, -1):
        with pytest.raises(ValueError):
            flash(q, k, v, block=block)


def test_the_layout_in_memory_makes_no_difference(flash, randn):
    """Transposed, strided and expanded views give what copies of them give."""
    # As multi-head attention passes them: (B, T, H, D) with tokens and heads transposed.
    turned = [randn(2, 7, 3, 5).transpose(1, 2) for _ in range(3)]
    strided = [randn(2, 3, 7, 10)[..., ::2] for _ in range(3)]
    shared = [randn(2, 3, 7, 5), *(randn(2, 1, 7, 5).expand(2, 3, 7, 5) for _ in range(2))]
    for say, (q, k, v) in [("transposed", turned), ("strided", strided), ("expanded", shared)]:
        want = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        got = flash(q, k, v, block=3)
        close(got, want, atol=1e-5, rtol=1e-5, say=f"views that are {say}")


def test_each_call_returns_a_tensor_of_its_own(flash, randn, beside):
    """A result stays as it is when the next call is made, with inputs of the same shape."""
    parts = randn(3, 2, 1, 2, 7, 5).unbind()
    want = functional.scaled_dot_product_attention(*parts, is_causal=True)
    # The results stay beside the learner's code until both calls are done.
    got = beside("builtins.list")(beside("builtins.map")(flash, *parts))
    for i, place in enumerate(("first", "second")):
        say = f"the {place} of two results, after both calls"
        close(got[i], want[i], atol=1e-5, rtol=1e-5, say=say)


def test_the_inputs_stay_as_they_were(flash, randn):
    """FlashAttention does not change q, k and v."""
    inputs = randn(3, 1, 2, 7, 5).unbind()
    before = [part.clone() for part in inputs]
    flash(*inputs, block=3)
    for name, part, old in zip("qkv", inputs, before, strict=True):
        equal(part, old, say=f"the call changed {name}")
