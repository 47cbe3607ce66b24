"""The checks of Cache."""

import pytest
import torch

from grader.checks import equal, formed, holds, shaped, value

SIZES = {"layers": 2, "batch": 3, "kv_heads": 2, "context": 11, "head_dim": 5}


def test_the_storage_has_its_shape_and_dtype(Cache):
    """keys and values are zeros of shape (L, B, K, context, D) and the dtype; the length is 0."""
    for given, dtype in (({}, torch.float32), ({"dtype": torch.bfloat16}, torch.bfloat16)):
        cache = Cache(**SIZES, **given)
        zeros = torch.zeros(2, 3, 2, 11, 5, dtype=dtype)
        equal(cache.keys, zeros, say=f"keys of a new cache, {given or 'float32 by default'}")
        equal(cache.values, zeros, say=f"values of a new cache, {given or 'float32 by default'}")
        equal(len(cache), 0, say="the length of a new cache")
    shaped(Cache(1, 1, 1, 1, 1).keys, (1, 1, 1, 1, 1), torch.float32, say="all sizes are 1")


def test_tokens_worked_by_hand(Cache):
    """After the keys 2 and 4, the key 9 gives 2 4 9; their values are 3 and 5, then 0.5."""
    cache = Cache(1, 1, 1, 5, 1)
    new = torch.tensor([[[[2.0], [4.0]]]])
    _holds(cache.append(0, new, new + 1), (new, new + 1), "two tokens at once")
    last = torch.tensor([[[[9.0]]]]), torch.tensor([[[[0.5]]]])
    want = torch.tensor([2.0, 4.0, 9.0]), torch.tensor([3.0, 5.0, 0.5])
    want = tuple(part.reshape(1, 1, 3, 1) for part in want)
    _holds(cache.append(0, *last), want, "one token more")
    equal(len(cache), 3, say="the length after three tokens")


def test_append_returns_all_tokens_in_their_order(Cache, randn, rng):
    """However a sequence is split into calls, each call returns all tokens that came so far."""
    for dtype in (torch.float32, torch.float64, torch.bfloat16):
        for pieces in ([1] * 11, [11], [3, 1, 1, 4], _split(rng, 11)):
            cache = Cache(**SIZES, dtype=dtype)
            k, v = randn(2, 3, 2, 11, 5, dtype=dtype)
            stop = 0
            for count in pieces:
                start, stop = stop, stop + count
                got = cache.append(1, k[:, :, start:stop].clone(), v[:, :, start:stop].clone())
                say = f"{dtype}, calls with {pieces} tokens, after {stop}"
                _holds(got, (k[:, :, :stop], v[:, :, :stop]), say)


def test_each_layer_has_its_own_length(Cache, randn):
    """Layers are served in any order, and len is the number of tokens that every layer holds."""
    cache = Cache(3, 1, 2, 13, 5)
    k, v = randn(2, 3, 1, 2, 13, 5)
    k[..., 4:6, :] = v[..., 4:6, :] = 0.0  # tokens of zeros count as others do
    lengths = [0, 0, 0]
    for layer, count in ((2, 4), (2, 3), (0, 5), (1, 1), (0, 1), (1, 8), (2, 6), (0, 7), (1, 4)):
        start, lengths[layer] = lengths[layer], lengths[layer] + count
        stop = lengths[layer]
        got = cache.append(layer, k[layer, :, :, start:stop], v[layer, :, :, start:stop])
        say = f"layer {layer}, {stop} tokens"
        _holds(got, (k[layer, :, :, :stop], v[layer, :, :, :stop]), say)
        equal(len(cache), min(lengths), say=f"the length when the layers hold {lengths}")


def test_the_storage_holds_the_tokens_at_their_places(Cache, randn):
    """In layer l, token s is at keys[l, :, :, s]; append writes the places of new tokens alone."""
    cache = Cache(**SIZES)
    want = [value(cache.keys), value(cache.values)]
    k, v = randn(2, 2, 3, 2, 7, 5)
    stop = 0
    for count in (3, 1, 2, 1):
        start, stop = stop, stop + count
        for layer in (1, 0):
            parts = (part[layer, :, :, start:stop] for part in (k, v))
            cache.append(layer, *parts)
            for whole, part in zip(want, (k, v), strict=True):
                whole[layer, :, :, start:stop] = part[layer, :, :, start:stop]
            say = f"after {count} more tokens in layer {layer}"
            equal(cache.keys, want[0], say=f"keys {say}")
            equal(cache.values, want[1], say=f"values {say}")
    cache.clear()
    want = [value(cache.keys), value(cache.values)]
    cache.append(1, k[1, :, :, 5:], v[1, :, :, 5:])
    for whole, part in zip(want, (k, v), strict=True):
        whole[1, :, :, :2] = part[1, :, :, 5:]
    equal(cache.keys, want[0], say="keys after clear and two tokens in layer 1")
    equal(cache.values, want[1], say="values after clear and two tokens in layer 1")


def test_what_is_returned_are_views_of_the_storage(Cache, randn, beside):
    """Keys and values are returned as views, which show what is written over them after clear."""
    cache = Cache(**SIZES)
    k, v = randn(2, 2, 3, 2, 8, 5)
    for layer in (0, 1):
        for count in (3, 1):
            old, new = (
                [(layer, k[half, :, :, :count], v[half, :, :, :count])] for half in range(2)
            )
            # What is returned stays beside the learner's code, and is read after the next call.
            kept = beside("collections.deque")(beside("itertools.starmap")(cache.append, old))
            _holds(kept[0], old[0][1:], f"{count} tokens in layer {layer}")
            cache.clear()
            beside("collections.deque")(beside("itertools.starmap")(cache.append, new))
            say = f"views of {count} tokens in layer {layer}, after clear and {count} other tokens"
            _holds(kept[0], new[0][1:], say)
            cache.clear()


def test_the_storage_never_moves(Cache, randn, beside):
    """keys and values stay the tensors that were allocated, also after clear."""
    cache = Cache(**SIZES)
    parts = beside("builtins.map")(beside("operator.attrgetter")("keys", "values"), [cache])
    storage = beside("collections.deque")(parts)
    k, v = randn(2, 2, 3, 2, 11, 5)
    for round in range(2):
        for start, stop in ((0, 1), (1, 4), (4, 11)):
            for layer in range(2):
                new = (part[round, :, :, start:stop] for part in (k, v))
                cache.append(layer, *new)
            say = f"after {stop} tokens, round {round}: the storage that a new cache had"
            for name, part, due in zip(("keys", "values"), storage[0], (k, v), strict=True):
                for layer in range(2):
                    got = part[layer, :, :, :stop].contiguous()
                    equal(got, due[round, :, :, :stop].contiguous(), say=f"{name} {say}")
        cache.clear()
    shaped(cache.keys, (2, 3, 2, 11, 5), torch.float32, say="keys afterwards")
    shaped(cache.values, (2, 3, 2, 11, 5), torch.float32, say="values afterwards")


def test_tokens_that_do_not_fit_are_refused(Cache, randn):
    """A full layer raises ValueError and has not changed; the other layers go on."""
    cache = Cache(**SIZES)
    k, v = randn(2, 3, 2, 20, 5)
    cache.append(0, k[:, :, :9], v[:, :, :9])
    for count in (3, 11, 20):
        keys, values = value(cache.keys), value(cache.values)
        with pytest.raises(ValueError):
            cache.append(0, k[:, :, :count], v[:, :, :count])
        equal(cache.keys, keys, say=f"keys after {count} tokens were refused, 2 have room")
        equal(cache.values, values, say=f"values after {count} tokens were refused")
    got = cache.append(0, k[:, :, 9:11], v[:, :, 9:11])
    _holds(got, (k[:, :, :11], v[:, :, :11]), "two tokens that fill the layer")
    with pytest.raises(ValueError):
        cache.append(0, k[:, :, :1], v[:, :, :1])
    got = cache.append(1, k[:, :, :11], v[:, :, :11])
    _holds(got, (k[:, :, :11], v[:, :, :11]), "the other layer, filled by one call")
    equal(len(cache), 11, say="the length of a full cache")
    with pytest.raises(ValueError):
        cache.append(1, k[:, :, :1], v[:, :, :1])


def test_clear_makes_room_for_other_sequences(Cache, randn):
    """After clear the cache is empty, and holds the tokens of the next sequences alone."""
    cache = Cache(**SIZES)
    k, v = randn(2, 3, 2, 11, 5)
    for round, (layer, count) in enumerate([(0, 11), (1, 7), (0, 3)]):
        for start in range(count):
            new = (part[:, :, start : start + 1] + round for part in (k, v))
            got = cache.append(layer, *new)
        want = tuple(part[:, :, :count] + round for part in (k, v))
        _holds(got, want, f"sequence {round}, {count} tokens in layer {layer}")
        cache.append(1 - layer, k[:, :, :2], v[:, :, :2])
        equal(cache.clear(), None, say="what clear returns")
        equal(len(cache), 0, say="the length after clear")


def test_new_tokens_may_be_views_and_are_copied(Cache, randn, live):
    """Transposed and strided k and v are stored by their numbers, which stay if k changes."""
    k, v = randn(2, 3, 4, 2, 5).transpose(2, 3)  # (B, K, T, D) of memory (B, T, K, D)
    _holds(Cache(**SIZES).append(0, k, v), (k, v), "views of (B, T, K, D)")
    k, v = randn(2, 3, 2, 8, 10)[..., ::2, ::2]
    _holds(Cache(**SIZES).append(1, k, v), (k, v), "every second token and number")
    k, v = randn(2, 1, 2, 4, 5)
    k, v = (part.expand(3, 2, 4, 5) for part in (k, v))
    _holds(Cache(**SIZES).append(0, k, v), (k, v), "one sequence expanded to three")
    k, v = randn(2, 3, 2, 11, 5)
    there = live(k.clone()), live(v.clone())
    cache = Cache(**SIZES)
    cache.append(0, *there)
    equal(value(there[0]), k, say="the call changed its k")
    equal(value(there[1]), v, say="the call changed its v")
    for part in there:
        part.zero_()
    equal(cache.keys[0], k, say="keys, after the caller's k was set to 0")
    equal(cache.values[0], v, say="values, after the caller's v was set to 0")


def test_two_caches_share_nothing(Cache, randn):
    """Of two caches that are filled in turn, each holds its own tokens."""
    first, second = Cache(**SIZES), Cache(**SIZES)
    k, v = randn(2, 3, 2, 8, 5)
    for step in range(4):
        got = first.append(0, k[:, :, step : step + 1], v[:, :, step : step + 1])
        _holds(got, (k[:, :, : step + 1], v[:, :, : step + 1]), f"the first, token {step}")
        parts = (part[:, :, 4 : 5 + step] for part in (k, v))
        if step == 3:
            got = second.append(0, *parts)
    _holds(got, (k[:, :, 4:], v[:, :, 4:]), "the second cache, four tokens at once")
    first.clear()
    got = second.append(0, k[:, :, :1], v[:, :, :1])
    want = tuple(torch.cat([part[:, :, 4:], part[:, :, :1]], dim=2) for part in (k, v))
    _holds(got, want, "the second cache, after the first was cleared")


def test_a_token_costs_the_same_at_every_length(Cache, randn, pace, beside):
    """Appending after 8,000 tokens takes less than 4 times as long as at the start."""
    partial, timeit = beside("functools.partial"), beside("timeit.timeit")
    k, v = randn(2, 1, 2, 1, 32)
    appends = []
    for start in (8000, 1):
        cache = Cache(1, 1, 2, 16_000, 32)
        ready = randn(1, 2, start, 32)
        kept = beside("itertools.starmap")(cache.append, [(0, ready, ready)])
        beside("collections.deque")(kept)
        # The results stay beside the learner's code: to send 8,000 tokens would take longer.
        appends.append(partial(timeit, partial(cache.append, 0, k, v)))
    clock = beside("time.perf_counter")
    ratio = pace(*appends, lambda: ("pass", clock, 200))
    say = "an append takes as long after 8,000 tokens as after one, since nothing old is copied"
    holds(ratio < 4, say, want="less than 4 times as long", got=f"{ratio:.1f} times as long")


def _holds(got, want, say):
    """Claim that a call returned these keys and values."""
    formed(got, "tuple of 2", f"append(...), {say}")
    for name, part, due in zip(("keys", "values"), got, want, strict=True):
        equal(part, due.contiguous(), say=f"{name}, {say}")


def _split(rng, total):
    """Return random positive numbers with this sum."""
    cuts = sorted(rng.sample(range(1, total), 3))
    return [stop - start for start, stop in zip([0, *cuts], [*cuts, total], strict=True)]
