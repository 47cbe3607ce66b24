"""What is asked of cached_attention."""

import torch

from grader.engine.expect import close, equal, formed


def test_the_output_and_the_cache_have_their_shapes_and_dtype(cached_attention, randn):
    """Three new tokens after two past ones give an output of 3 and a cache of 5 tokens."""
    for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
        q, k, v = randn(3, 1, 2, 3, 7, dtype=dtype)
        got = cached_attention(q, k, v, tuple(randn(2, 1, 2, 2, 7, dtype=dtype)))
        formed(got, "tuple of 2", "(output, cache)")
        output, cache = got
        formed(output, f"{name} tensor 1x2x3x7", "the output")
        formed(cache, "tuple of 2", "the new cache")
        formed(cache[0], f"{name} tensor 1x2x5x7", "the keys of the new cache")
        formed(cache[1], f"{name} tensor 1x2x5x7", "the values of the new cache")


def test_means_worked_by_hand(cached_attention):
    """Queries of zeros after a past value of 2 read new values 4 and 9 as means 3 and 5."""
    zeros = torch.zeros(1, 1, 2, 1)
    past = (torch.zeros(1, 1, 1, 1), torch.tensor([[[[2.0]]]]))
    output, _ = cached_attention(zeros, zeros, torch.tensor([[[[4.0], [9.0]]]]), past)
    close(output, torch.tensor([[[[3.0], [5.0]]]]), say="(2 + 4) / 2 and (2 + 4 + 9) / 3")


def test_the_new_cache_is_the_past_then_the_new(cached_attention, randn):
    """The new cache holds the old keys and values first and the new ones after them."""
    q, k, v, past_k, past_v = randn(5, 1, 2, 3, 7)
    _, (keys, values) = cached_attention(q, k, v, (past_k, past_v))
    equal(keys, torch.cat([past_k, k], dim=2), say="the keys of the new cache")
    equal(values, torch.cat([past_v, v], dim=2), say="the values of the new cache")


def test_without_a_cache_it_is_causal_attention(cached_attention, randn):
    """With None, or with nothing given, the new tokens are the whole sequence."""
    q, k, v = randn(3, 2, 3, 5, 7, dtype=torch.float64)
    for start in ((), (None,)):
        output, (keys, values) = cached_attention(q, k, v, *start)
        close(output, _whole(q, k, v))
        equal(keys, k, say="the first cache holds the keys as they came")
        equal(values, v, say="the first cache holds the values as they came")


def test_a_later_token_never_changes_an_earlier_output(cached_attention, randn):
    """Changing the last of four new tokens leaves the outputs of the three before it."""
    q, k, v = randn(3, 1, 2, 4, 5)
    for past in (None, tuple(randn(2, 1, 2, 3, 5))):
        changed = [part.clone() for part in (q, k, v)]
        for part in changed:
            part[:, :, -1] += 1.0
        before, _ = cached_attention(q, k, v, past)
        after, _ = cached_attention(*changed, past)
        say = "after three past tokens" if past else "at the start of a sequence"
        close(after[:, :, :-1], before[:, :, :-1], say=say)


def test_a_new_token_reads_every_past_token_and_itself(cached_attention):
    """A token whose query fits one key of six reads the value of that token, also its own."""
    keys = torch.eye(6).reshape(1, 1, 6, 6)
    values = torch.arange(6.0).reshape(1, 1, 6, 1).expand(1, 1, 6, 6)
    past = (keys[:, :, :5], values[:, :, :5].contiguous())
    for j in range(6):
        # A score of 100 above five of 0 leaves them less than 1e-40 together.
        query = keys[:, :, j : j + 1] * 100 * 6**0.5
        output, _ = cached_attention(query, keys[:, :, 5:], values[:, :, 5:].contiguous(), past)
        close(output, torch.full((1, 1, 1, 6), float(j)), say=f"a query that fits key {j} of 0-5")


def test_one_token_at_a_time_gives_the_whole(cached_attention, randn):
    """Seven calls of one token each give what causal attention over all seven gives."""
    q, k, v = randn(3, 2, 3, 7, 5, dtype=torch.float64)
    want = _whole(q, k, v)
    close(_in_pieces(cached_attention, q, k, v, [1] * 7), want)


def test_a_sequence_may_be_cut_anywhere(cached_attention, randn, rng):
    """Pieces of any lengths, joined together, give causal attention over the whole."""
    q, k, v = randn(3, 2, 3, 11, 5, dtype=torch.float64)
    want = _whole(q, k, v)
    for _ in range(5):
        first, second, third = sorted(rng.sample(range(1, 11), 3))
        pieces = [first, second - first, third - second, 11 - third]
        got = _in_pieces(cached_attention, q, k, v, pieces)
        close(got, want, say=f"pieces of {pieces} tokens")


def test_nothing_that_went_in_changes(cached_attention, randn):
    """Queries, keys, values and the old cache stay as they were."""
    q, k, v, past_k, past_v = given = randn(5, 1, 2, 3, 7).unbind()
    before = [part.clone() for part in given]
    cached_attention(q, k, v, (past_k, past_v))
    names = ["the queries", "the keys", "the values", "the cached keys", "the cached values"]
    for name, part, was in zip(names, given, before, strict=True):
        equal(part, was, say=f"{name} that went in have changed")


def test_one_cache_can_be_continued_in_two_ways(cached_attention, randn):
    """Two continuations of one beginning, and a new beginning, know nothing of each other."""
    q, k, v = randn(3, 3, 1, 2, 5, 7, dtype=torch.float64).unbind()
    _, cache = cached_attention(*(part[0, :, :, :3] for part in (q, k, v)))
    for other, name in ((1, "the first continuation"), (2, "the second continuation")):
        got, _ = cached_attention(*(part[other, :, :, 3:] for part in (q, k, v)), cache)
        joined = [torch.cat([part[0, :, :, :3], part[other, :, :, 3:]], 2) for part in (q, k, v)]
        close(got, _whole(*joined)[:, :, 3:], say=name)
    got, _ = cached_attention(q[1], k[1], v[1])
    close(got, _whole(q[1], k[1], v[1]), say="a new sequence, without a cache")


def _whole(q, k, v):
    """Causal attention over a whole sequence, by PyTorch."""
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)


def _in_pieces(cached_attention, q, k, v, pieces):
    """The outputs of consecutive calls on pieces of these lengths, joined together."""
    outputs, cache = [], None
    for parts in zip(*(part.split(pieces, dim=2) for part in (q, k, v)), strict=True):
        # Cloned, so that a cache is never a window on the whole sequence.
        output, cache = cached_attention(*(part.clone() for part in parts), cache)
        outputs.append(output)
    return torch.cat(outputs, dim=2)
