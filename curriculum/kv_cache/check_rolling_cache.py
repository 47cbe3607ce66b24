"""The checks of RollingCache."""

import torch

from grader.checks import close, equal, holds, shaped

SIZES = {"layers": 2, "batch": 3, "kv_heads": 2, "window": 5, "head_dim": 7}
DOUBLE = torch.float64
FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for queries in float64 too."""


def test_storage_and_output_have_their_shapes_and_dtype(RollingCache, randn):
    """keys and values are zeros of shape (L, B, K, W, D); the output has the shape of q."""
    for given, dtype in (({}, torch.float32), ({"dtype": DOUBLE}, DOUBLE)):
        cache = RollingCache(**SIZES, **given)
        zeros = torch.zeros(2, 3, 2, 5, 7, dtype=dtype)
        equal(cache.keys, zeros, say=f"keys of a new cache, {given or 'float32 by default'}")
        equal(cache.values, zeros, say=f"values of a new cache, {given or 'float32 by default'}")
        for tokens in (2, 1, 13):
            got = cache.attend(1, *_draw(randn, 6, tokens, dtype=dtype))
            shaped(got, (3, 6, tokens, 7), dtype, say=f"the output for {tokens} new tokens")


def test_means_worked_by_hand(RollingCache):
    """Zero queries and W = 2 give means of two: of the values 2 4 9 and 1 they are 2, 3, 6.5, 5."""
    cache = RollingCache(1, 1, 1, 2, 1)
    zeros = torch.zeros(1, 1, 3, 1)
    got = cache.attend(0, zeros, zeros, torch.tensor([[[[2.0], [4.0], [9.0]]]]))
    close(got, torch.tensor([[[[2.0], [3.0], [6.5]]]]), say="2, (2 + 4) / 2 and (4 + 9) / 2")
    got = cache.attend(0, zeros[:, :, :1], zeros[:, :, :1], torch.tensor([[[[1.0]]]]))
    close(got, torch.tensor([[[[5.0]]]]), say="(9 + 1) / 2")


def test_one_token_at_a_time_gives_the_windowed_whole(RollingCache, randn):
    """Calls with one token each give the outputs of sliding-window attention over all tokens."""
    for window in (1, 3, 5):
        q, k, v = _draw(randn, 4, 17)
        cache = RollingCache(**{**SIZES, "window": window}, dtype=DOUBLE)
        want = _windowed(q, k, v, window)
        for t in range(17):
            got = cache.attend(0, *(part[:, :, t : t + 1] for part in (q, k, v)))
            say = f"token {t}, a window of {window}"
            close(got, want[:, :, t : t + 1], say=say, **FLOAT32)


def test_a_prompt_may_be_longer_than_the_window(RollingCache, randn):
    """Each token of a long prompt reads its own window, though the ring keeps the last W alone."""
    for window, tokens in ((1, 2), (2, 7), (5, 6), (5, 23), (5, 5), (7, 3)):
        q, k, v = _draw(randn, 4, tokens + 3)
        cache = RollingCache(**{**SIZES, "window": window}, dtype=DOUBLE)
        want = _windowed(q, k, v, window)
        got = cache.attend(0, *(part[:, :, :tokens] for part in (q, k, v)))
        say = f"a prompt of {tokens} tokens, a window of {window}"
        close(got, want[:, :, :tokens], say=say, **FLOAT32)
        for t in range(tokens, tokens + 3):
            got = cache.attend(0, *(part[:, :, t : t + 1] for part in (q, k, v)))
            close(got, want[:, :, t : t + 1], say=f"{say}, then token {t}", **FLOAT32)


def test_a_sequence_may_be_cut_anywhere(RollingCache, randn, rng):
    """However a sequence is split into calls, the outputs are those of the windowed whole."""
    splits = [_split(rng, 29) for _ in range(3)]
    for pieces in [*splits, [3, 4, 1, 9, 2], [5, 5, 5], [7, 13, 1], [1, 5, 6], [4, 11, 4]]:
        for window in (2, 5, 8):
            q, k, v = _draw(randn, 2, sum(pieces))
            cache = RollingCache(**{**SIZES, "window": window}, dtype=DOUBLE)
            parts = zip(*(part.split(pieces, dim=2) for part in (q, k, v)), strict=True)
            got = torch.cat([cache.attend(1, *part) for part in parts], dim=2)
            say = f"calls with {pieces} tokens, a window of {window}"
            close(got, _windowed(q, k, v, window), say=say, **FLOAT32)


def test_adjacent_query_heads_share_a_key_value_head(RollingCache, randn):
    """Query head h reads key-value head h // (H / K), for any number of query heads."""
    for heads, kv_heads in ((6, 2), (3, 3), (4, 1), (6, 3)):
        q, k, v = _draw(randn, heads, 9, kv_heads)
        cache = RollingCache(**{**SIZES, "kv_heads": kv_heads}, dtype=DOUBLE)
        want = _windowed(q, k, v, 5)
        for start, stop in ((0, 7), (7, 8), (8, 9)):
            got = cache.attend(0, *(part[:, :, start:stop] for part in (q, k, v)))
            say = f"{heads} query heads, {kv_heads} key-value heads, tokens {start} to {stop - 1}"
            close(got, want[:, :, start:stop], say=say, **FLOAT32)


def test_token_s_is_at_place_s_mod_w(RollingCache, randn):
    """After each call the ring holds the last W tokens, token s at place s mod W."""
    cache = RollingCache(**SIZES)
    q, k, v = _draw(randn, 2, 40, dtype=torch.float32)
    want = [torch.zeros(2, 3, 2, 5, 7) for _ in range(2)]
    stop = 0
    for count in (2, 1, 1, 3, 1, 5, 6, 13, 1, 4, 3):
        start, stop = stop, stop + count
        cache.attend(1, *(part[:, :, start:stop] for part in (q, k, v)))
        for whole, part in zip(want, (k, v), strict=True):
            for s in range(start, stop):
                whole[1, :, :, s % 5] = part[:, :, s]
        say = f"layer 1 alone, {stop} tokens, the last call with {count}"
        equal(cache.keys, want[0], say=f"keys: {say}")
        equal(cache.values, want[1], say=f"values: {say}")


def test_each_layer_counts_its_own_tokens(RollingCache, randn):
    """Layers are served in any order, and a second cache has tokens of its own."""
    cache, other = (RollingCache(**SIZES, dtype=DOUBLE) for _ in range(2))
    inputs = [_draw(randn, 4, 19) for _ in range(3)]
    wants = [_windowed(*parts, 5) for parts in inputs]
    stops = [0, 0, 0]
    for n, count in ((1, 4), (0, 1), (1, 3), (2, 8), (0, 7), (1, 1), (0, 1), (2, 1), (1, 11)):
        start, stops[n] = stops[n], stops[n] + count
        parts = [part[:, :, start : stops[n]] for part in inputs[n]]
        got = other.attend(1, *parts) if n == 2 else cache.attend(n, *parts)
        say = "the other cache" if n == 2 else f"layer {n}"
        close(got, wants[n][:, :, start : stops[n]], say=f"{say}, from token {start}", **FLOAT32)


def test_the_scores_may_have_any_magnitude(RollingCache, randn):
    """With scores around -1e6 nothing is read but the window, before and after the ring is full."""
    for size in (-1e3, 1e3):
        q, k, v = _draw(randn, 2, 13)
        q, k = q.abs() + 1, size * (k.abs() + 1) * 1e3
        cache = RollingCache(**SIZES, dtype=DOUBLE)
        want = _windowed(q, k, v, 5)
        for start, stop in ((0, 2), (2, 3), (3, 9), (9, 10), (10, 13)):
            got = cache.attend(0, *(part[:, :, start:stop] for part in (q, k, v)))
            say = f"keys of {size * 1e3:g}, tokens {start} to {stop - 1}"
            close(got, want[:, :, start:stop], say=say, **FLOAT32)


def test_the_memory_stays_the_same(RollingCache, randn, beside):
    """The storage never moves, and after 300 tokens no other keys and values are kept."""
    cache = RollingCache(**SIZES)
    parts = beside("builtins.map")(beside("operator.attrgetter")("keys", "values"), [cache])
    storage = beside("collections.deque")(parts)
    stop = 0
    for count in (1, 2, 90, 1, 200, 6):
        q, k, v = _draw(randn, 2, count, dtype=torch.float32)
        cache.attend(0, q, k, v)
        stop += count
        last = (stop - 1) % 5
        say = f"token {stop - 1} in the storage that a new cache had"
        equal(storage[0][0][0, :, :, last], k[:, :, -1].contiguous(), say=f"the key of {say}")
        equal(storage[0][1][0, :, :, last], v[:, :, -1].contiguous(), say=f"the value of {say}")
    shaped(cache.keys, (2, 3, 2, 5, 7), torch.float32, say="keys afterwards")
    shaped(cache.values, (2, 3, 2, 5, 7), torch.float32, say="values afterwards")
    kept = _count_numbers(beside("builtins.vars")(cache))
    most = 2 * 2 * 3 * 2 * 5 * 7
    say = "the tensors among the cache's attributes hold little more than the numbers of the rings"
    holds(kept < 1.5 * most, say, want=f"{most} numbers in keys and values", got=f"{kept} numbers")


def test_what_is_given_does_not_change_and_may_be_views(RollingCache, randn, live):
    """Transposed and strided views give the same output; q, k and v are copied, not changed."""
    draw = randn(3, 3, 6, 2, 7, dtype=DOUBLE).transpose(2, 3)  # (B, K, T, D) of (B, T, K, D)
    for q, k, v in (draw, randn(3, 3, 2, 12, 14, dtype=DOUBLE)[..., ::2, ::2]):
        before = [part.clone() for part in (q, k, v)]
        cache = RollingCache(**SIZES, dtype=DOUBLE)
        got = cache.attend(0, q, k, v)
        close(got, _windowed(q, k, v, 5), say="q, k and v are views", **FLOAT32)
        for name, part, was in zip("qkv", (q, k, v), before, strict=True):
            equal(part, was, say=f"the call changed its {name}")
    cache = RollingCache(**SIZES, dtype=DOUBLE)
    there = [live(part.clone()) for part in before]
    cache.attend(0, *there)
    for part in there:
        part.zero_()
    rings = before[1][:, :, [5, 1, 2, 3, 4]], before[2][:, :, [5, 1, 2, 3, 4]]
    equal(cache.keys[0], rings[0], say="keys, after the caller's k was set to 0")
    equal(cache.values[0], rings[1], say="values, after the caller's v was set to 0")


def _draw(randn, heads, tokens, kv_heads=2, batch=3, size=7, dtype=DOUBLE):
    """Return queries, keys and values of new tokens."""
    q = randn(batch, heads, tokens, size, dtype=dtype)
    return q, *randn(2, batch, kv_heads, tokens, size, dtype=dtype)


def _windowed(q, k, v, window):
    """Return sliding-window attention over a whole sequence, by PyTorch in float64."""
    t = torch.arange(q.shape[2])
    mask = (t <= t[:, None]) & (t > t[:, None] - window)
    k, v = (part.repeat_interleave(q.shape[1] // k.shape[1], dim=1) for part in (k, v))
    attention = torch.nn.functional.scaled_dot_product_attention
    return attention(q.double(), k.double(), v.double(), attn_mask=mask).to(q.dtype)


def _count_numbers(thing):
    """Return how many numbers the tensors in it have."""
    if isinstance(thing, torch.Tensor):
        return thing.numel()
    if isinstance(thing, dict):
        return sum(map(_count_numbers, thing.values()))
    if isinstance(thing, (list, tuple, set)):
        return sum(map(_count_numbers, thing))
    return 0


def _split(rng, total):
    """Return random positive numbers with this sum."""
    cuts = sorted(rng.sample(range(1, total), 3))
    return [stop - start for start, stop in zip([0, *cuts], [*cuts, total], strict=True)]
