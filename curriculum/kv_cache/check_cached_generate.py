"""The checks of extend and cached_generate."""

import pytest
import torch

from grader.checks import close, distributed_as, equal, formed, holds, shaped, value

SIZES = {"vocabulary": 11, "width": 24, "layers": 2, "heads": 6, "kv_heads": 2, "hidden": 14}
"""Six query heads with a head dimension of 4, which share two key-value heads."""
TABLE = {"width": 4, "layers": 1, "heads": 2, "kv_heads": 1, "hidden": 3}
DOUBLE = torch.float64
FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for a model in float64 too."""
INF = float("inf")


def test_the_logits_have_their_shape_and_no_gradients(extend, beside, randn, randint):
    """For ids of shape (B, T), logits of shape (B, T, V) in the model's dtype, no gradients."""
    flags = beside("operator.attrgetter")("keys.requires_grad", "values.requires_grad")
    for dtype in (torch.float32, DOUBLE):
        model = _model(beside, randn, dtype)
        cache = _cache(beside, SIZES, 2, 4, dtype)
        for tokens in (3, 1):
            got = extend(model, randint(0, 11, 2, tokens), cache)
            say = f"{tokens} new tokens, a model of {dtype}"
            shaped(got, (2, tokens, 11), dtype, say=say)
            say = f"whether keys and values in the cache require gradients, {say}"
            equal(flags(cache), (False, False), say=say)
            equal(got.requires_grad, False, say="whether the logits require gradients")


def test_a_prompt_has_the_logits_of_the_model(extend, beside, randn, randint):
    """With an empty cache the logits are those of the model at every position."""
    model = _model(beside, randn)
    ids = randint(0, 11, 2, 7)
    ids[:, 0] = 0  # a token like others, and no padding
    got = extend(model, ids, _cache(beside, SIZES, 2, 7))
    close(got, value(model(ids)), say="a prompt of seven tokens", **FLOAT32)


def test_a_sequence_may_be_cut_anywhere(extend, beside, randn, randint, rng):
    """However a sequence is split into calls, the logits are those of the whole."""
    # Many sizes: equal numbers of heads, one key-value head, one layer, other bases of RoPE; and
    # batches that are smaller and larger than the number of new tokens, in first and later calls.
    for changes, batch, pieces in [
        ({}, 1, [4, 1, 1, 3]),
        ({"kv_heads": 6}, 4, [2, 1, 5]),
        ({"kv_heads": 1, "base": 3.0}, 3, [1, 4, 1]),
        ({"heads": 3, "kv_heads": 3, "layers": 1, "base": 500.0}, 1, [2, 5]),
        ({"heads": 2, "kv_heads": 1, "layers": 4}, 2, _split(rng, 8)),
        ({}, 1, [60, 1, 2, 30]),
    ]:
        model = _model(beside, randn, DOUBLE, **changes)
        ids = randint(0, 11, batch, sum(pieces))
        cache = _cache(beside, {**SIZES, **changes}, batch, sum(pieces), DOUBLE)
        base = {"base": changes["base"]} if "base" in changes else {}
        parts = ids.split(pieces, dim=1)
        got = torch.cat([extend(model, part, cache, **base) for part in parts], dim=1)
        close(got, value(model(ids)), say=f"calls with {pieces} tokens, {changes}", **FLOAT32)


def test_every_layer_of_the_cache_gets_the_new_tokens(extend, beside, randn, randint):
    """After each call the cache holds all tokens so far; layer l has the values of block l."""
    model = _model(beside, randn)
    ids, cache = randint(0, 11, 2, 6), _cache(beside, SIZES, 2, 8)
    stop = 0
    for count in (3, 1, 2):
        start, stop = stop, stop + count
        extend(model, ids[:, start:stop], cache)
        equal(len(cache), stop, say=f"the tokens in the cache after {count} more")
    x = model.tokens(ids)
    for layer in range(2):
        block = model.blocks[layer]
        want = value(block.attention.value(block.norm1(x))).unflatten(2, (2, 4)).transpose(1, 2)
        got = cache.values[layer][:, :, :6]
        close(got, want.contiguous(), say=f"the values in layer {layer} of the cache", **FLOAT32)
        x = block(x)


def test_each_sequence_with_padding_is_as_it_is_alone(extend, beside, randn, randint):
    """With padding at the left, the logits of each sequence are those that it has alone."""
    padding = torch.tensor([2, 5, 3])  # so that the first calls may have padding alone
    for dtype, splits in (
        (DOUBLE, ([8], [6, 1, 1], [2, 3, 3])),
        (torch.float32, ([1, 1, 5, 1],)),
    ):
        model, ids = _model(beside, randn, dtype), randint(0, 11, 3, 8)
        wants = [value(model(ids[row : row + 1, padding[row] :]))[0] for row in range(3)]
        for pieces in splits:
            cache = _cache(beside, SIZES, 3, 8, dtype)
            parts = ids.split(pieces, dim=1)
            got = torch.cat([extend(model, part, cache, padding) for part in parts], dim=1)
            for row, left in enumerate(padding.tolist()):
                say = f"sequence {row} with {left} columns of padding, calls with {pieces} tokens"
                close(got[row, left:], wants[row], say=say, **FLOAT32)
    got = extend(model, ids, _cache(beside, SIZES, 3, 8), torch.zeros(3).long())
    close(got, value(model(ids)), say="no column of padding in any sequence", **FLOAT32)


def test_tokens_without_room_are_refused(extend, cached_generate, beside, randn, randint):
    """What does not fit raises ValueError and changes nothing; T + count - 1 places are enough."""
    model = _model(beside, randn)
    ids, cache = randint(0, 11, 2, 9), _cache(beside, SIZES, 2, 5)
    extend(model, ids[:, :3], cache)
    keys, values = value(cache.keys), value(cache.values)
    for count in (3, 6):
        with pytest.raises(ValueError):
            extend(model, ids[:, 3 : 3 + count], cache)
        equal(len(cache), 3, say=f"the tokens in the cache after {count} more were refused")
        equal(cache.keys, keys, say="the keys in the cache")
        equal(cache.values, values, say="the values in the cache")
    got = extend(model, ids[:, 3:5], cache)
    close(got, value(model(ids[:, :5]))[:, 3:], say="two tokens, which have room", **FLOAT32)
    for places in (4, 2):
        with pytest.raises(ValueError):
            cached_generate(model, ids[:, :3], 3, _cache(beside, SIZES, 2, places), t=0)
    got = cached_generate(model, ids[:, :3], 3, _cache(beside, SIZES, 2, 5), t=0)
    formed(got, "int64 tensor 2x6", "cached_generate(...) with count=3, T=3 and five places")


def test_a_pass_computes_the_new_tokens_alone(
    extend, cached_generate, beside, prop, randn, randint
):
    """Each feed-forward network is called once a pass, with the new tokens: T, then 1 and 1."""
    model = _model(beside, randn)
    ids, cache = randint(0, 11, 2, 7), _cache(beside, SIZES, 2, 7)
    heard = _listen(model, prop)
    for part in ids.split([4, 1, 2], dim=1):
        extend(model, part, cache)
    for layer, recorder in enumerate(heard):
        say = f"tokens that the feed-forward network of block {layer} was given, calls with 4, 1, 2"
        equal(_lengths(recorder), [4, 1, 2], say=say)
    model = _model(beside, randn)
    heard = _listen(model, prop)
    cache, want = _cache(beside, SIZES, 2, 12), []
    for count in (0, 1, 4):
        cache.clear()
        cached_generate(model, ids, count, cache, t=0)
        held = 7 + count - 1 if count else 0
        equal(len(cache), held, say=f"tokens in the cache, 7 in the prompt, count={count}")
        want += [7, 1, 1, 1][:count]
        for layer, recorder in enumerate(heard):
            say = f"tokens that block {layer} was given, 7 in the prompt, up to count={count}"
            equal(_lengths(recorder), want, say=say)


def test_greedy_tokens_are_those_of_generate(cached_generate, beside, randn, randint):
    """With t = 0 the result is that of generate, for prompts of any length and any number."""
    for batch, tokens, count, dtype, base in (
        (1, 1, 4, DOUBLE, {}),
        (12, 5, 8, DOUBLE, {"base": 2.0}),
        (4, 3, 2, torch.float32, {}),
        (2, 7, 0, torch.float32, {}),
    ):
        model = _model(beside, randn, dtype, **base)
        ids = randint(0, 11, batch, tokens)
        ids[:, 0] = 0  # a token like others, and no padding
        cache = _room(beside, ids, count, dtype)
        got = cached_generate(model, ids, count, cache, t=0, **base)
        formed(got, f"int64 tensor {batch}x{tokens + count}", "cached_generate(...)")
        want = _greedy(beside, model, ids, count)
        say = f"{batch} prompts of {tokens} tokens, t=0, {dtype}, {base or 'the default base'}"
        equal(got, want, say=say)
        if batch == 1:
            cache.clear()  # the numbers of the first call may still be there
            got = cached_generate(model, ids, count, cache, t=0, k=3)
            equal(got, want, say=f"after clear(), with k=3, which changes nothing for t=0: {say}")


def test_prompts_with_padding_are_continued_as_alone(cached_generate, beside, randn, randint):
    """With padding each prompt is continued by the tokens that it would get alone."""
    model = _model(beside, randn, DOUBLE)
    # Tokens alone are compared, which a wrong logit may leave as they are: so there are 12 prompts.
    ids, padding = randint(0, 11, 12, 6), torch.tensor([2, 0, 5] * 4)
    got = cached_generate(model, ids, 6, _room(beside, ids, 6, DOUBLE), padding=padding, t=0)
    formed(got, "int64 tensor 12x12", "cached_generate(...)")
    equal(got[:, :6], ids, say="the result begins with the prompts and their padding")
    for first, left in enumerate((2, 0, 5)):
        want = _greedy(beside, model, ids[first::3, left:], 6)
        equal(got[first::3, left:], want, say=f"the prompts with {left} columns of padding")


def test_a_sequence_that_has_ended_repeats_its_end(cached_generate, beside, prop, randint, rng):
    """After end a sequence gets end again; when all have ended, there are no further passes."""
    order = rng.sample(range(1, 7), 6)
    order.insert(4, 0)
    model = _chain(beside, order)
    # The prompts end with the first, the third and the fourth token of the chain. Its token 5 ends
    # all of them, its token 1 the first alone; 0 comes last, which some take for no end.
    for end, steps in ((order[5], 5), (order[1], 7), (0, 4)):
        ids = randint(0, 7, 3, 4)
        ids[:, 3] = torch.tensor([order[0], order[2], order[3]])
        ids[0, 1] = end  # in a prompt it ends nothing
        want = [row + _follow(order, row[-1], steps, end) for row in ids.tolist()]
        recorder = _listen(model, prop)[0]
        # Room for the steps that are made, not for count.
        cache = _cache(beside, TABLE, 3, 4 + steps - 1)
        got = cached_generate(model, ids, 7, cache, t=0, end=end)
        lengths = _lengths(recorder)
        equal(got, torch.tensor(want), say=f"prompts {ids.tolist()}, t=0, end={end}")
        equal(len(cache), 4 + steps - 1, say=f"tokens in the cache after {steps} steps")
        equal(lengths, [4, *[1] * (steps - 1)], say=f"tokens of each pass, end={end}")


def test_tokens_are_drawn_with_the_models_probabilities(cached_generate, beside, randn):
    """After each token, the next one has the probability softmax(logits / t) of the k kept."""
    for settings in ({"t": 0.03, "k": 9}, {}, {"t": 2.0, "k": 3}):
        # A token's logit for itself is four times the spread: for t it is near 2.
        model, table = _table(beside, randn, spread=0.5 * min(1.0, settings.get("t", 1.0)))
        ids = torch.arange(5).repeat(120)[:, None]
        cache = _cache(beside, TABLE, 600, 4)
        got = value(cached_generate(model, ids, 4, cache, **settings))
        formed(got, "int64 tensor 600x5", "cached_generate(...)")
        k, t = settings.get("k", 5), settings.get("t", 1.0)
        kept = table.masked_fill(table.argsort(dim=1).argsort(dim=1) < 5 - k, -INF)
        before, after = got[:, :-1].flatten(), got[:, 1:].flatten()
        for token, row in enumerate(torch.softmax(kept / t, dim=1)):
            say = f"{settings or 'the default, t=1'}: the tokens after {token}"
            distributed_as(after[before == token], row.tolist(), say)


def test_the_seed_decides_the_draws(cached_generate, beside, randn, randint):
    """Equal seeds give equal tokens, other seeds other ones; no global generator is used."""
    model, _ = _table(beside, randn, vocabulary=50, spread=0.0)
    ids = randint(0, 50, 2, 3)
    cache = _cache(beside, TABLE, 2, 14)
    names = ("random.getstate", "numpy.random.get_state", "torch.get_rng_state")
    before = [beside(name)() for name in names]
    drawn = {}
    for seed in (2**32 - 1, 0, 1):
        drawn[seed] = value(cached_generate(model, ids, 12, cache, seed=seed))[:, 3:]
        cache.clear()
    again = cached_generate(model, ids, 12, cache)
    equal(again[:, 3:], drawn[0], say="a second call with the seed 0, which is the default")
    rows = [
        (f"sequence {n} of seed {seed}", row) for seed in drawn for n, row in enumerate(drawn[seed])
    ]
    for place, (one, first) in enumerate(rows):
        for other, second in rows[: place + 1]:
            # One of 50 tokens at 11 places: 8 that agree have a probability of 4e-12. A seed to
            # which the step is added would repeat the draws of the next seed, one step later.
            shifted = [(first[1:], second), (first, second[1:])]
            for a, b in shifted if first is second else [(first, second), *shifted]:
                same = int((a[:11] == b[:11]).sum())
                apart = "" if len(a) == len(b) else ", a step apart"
                say = f"{one} and {other} agree by chance alone{apart}"
                holds(same < 8, say, want="about 1 of 50", got=f"{same} of 11")
    for name, was in zip(names, before, strict=True):
        equal(beside(name)(), was, say=f"{name} of the global generator has changed")


def test_model_and_prompts_are_left_as_they_were(extend, cached_generate, beside, randn, randint):
    """The model's parameters and mode, gradient recording, ids and padding do not change."""
    views = randint(0, 11, 3, 8)[:, ::2], randint(0, 11, 4, 3).T
    for mode, ids in zip((True, False), views, strict=True):
        model = _model(beside, randn, DOUBLE)
        model.train(mode)
        state = dict(value(model.named_parameters()))
        padding = torch.tensor([5, 1, 9, 0, 9, 2])[1::2]
        was, left = ids.clone(), padding.clone()
        want = value(model(ids[1:2]))
        got = extend(model, ids, _cache(beside, SIZES, 3, 8, DOUBLE), padding)
        close(got[1:2], want, say="ids that are a strided or transposed view", **FLOAT32)
        extend(model, ids[:, :1], _cache(beside, SIZES, 3, 1, DOUBLE), padding)
        cache = _room(beside, ids, 3, DOUBLE)
        cached_generate(model, ids, 3, cache, padding=padding, t=0)
        cached_generate(model, ids, 3, _room(beside, ids, 3, DOUBLE), end=2)
        equal(ids, was, say="the ids after the calls")
        equal(padding, left, say="the padding after the calls")
        modes = [model.training, model.blocks[1].feed_forward.training]
        equal(modes, [mode] * 2, say=f"the mode of the model and of its parts, before {mode}")
        equal(beside("torch.is_grad_enabled")(), True, say="whether gradients are recorded")
        for name, part in value(model.named_parameters()):
            equal(part, state[name], say=f"the parameter {name}")
        weight = model.get_parameter("blocks.1.attention.key.weight")
        equal(weight.requires_grad, True, say="whether a parameter requires gradients")
        equal(weight.grad, None, say="the gradient of a parameter")


def test_generation_is_at_least_three_times_as_fast(cached_generate, beside, randn, randint, pace):
    """At 200 tokens, a token takes a third of the time that it takes generate, or less."""
    sizes = {"width": 32, "layers": 1, "heads": 4, "kv_heads": 2, "hidden": 64}
    model, cache = _model(beside, randn, **sizes), _cache(beside, sizes, 4, 219)
    partial = beside("functools.partial")
    mine = partial(cached_generate, cache=cache, t=0)
    theirs = partial(beside("exercises.sampling.generate.generate"), context=300, t=0)

    def draw():
        cache.clear()
        return model, randint(0, 11, 4, 200), 20

    ratio = pace(mine, theirs, draw)
    say = "20 tokens after a prompt of 200 take at most a third of generate's time"
    holds(ratio < 1 / 3, say, want="at most 0.33 of its time", got=f"{ratio:.2f} of its time")


def _model(beside, randn, dtype=torch.float32, **changes):
    """Return a Llama whose logits are near 1, and depend on all earlier tokens."""
    model = beside("exercises.model.llama.Llama")(**{**SIZES, **changes})
    state = {}
    for name, part in value(model.named_parameters()):
        spread = 1.0 if part.dim() == 1 else part.shape[1] ** -0.5
        state[name] = spread * randn(*part.shape)
    model.load_state_dict(state)
    return model.to(dtype)


def _table(beside, randn, vocabulary=5, spread=2.0):
    """Return a Llama whose logits depend on the last token alone, and these logits."""
    model = beside("exercises.model.llama.Llama")(**{**TABLE, "vocabulary": vocabulary})
    state = {name: torch.zeros(part.shape) for name, part in value(model.named_parameters())}
    state["norm.weight"] += 1.0
    state["tokens.weight"] = spread * randn(vocabulary, 4)
    model.load_state_dict(state)
    return model, value(model(torch.arange(vocabulary)[:, None]))[:, 0].double()


def _cache(beside, sizes, batch, context, dtype=torch.float32):
    """Return an empty cache for a model of these sizes."""
    head = sizes["width"] // sizes["heads"]
    cache = beside("exercises.kv_cache.cache.Cache")
    return cache(sizes["layers"], batch, sizes["kv_heads"], context, head, dtype)


def _room(beside, ids, count, dtype):
    """Return an empty cache for prompts and as many steps, with no place to spare."""
    return _cache(beside, SIZES, len(ids), max(1, ids.shape[1] + count - 1), dtype)


def _chain(beside, order):
    """Return a Llama after whose token ``order[n]`` token ``order[n + 1]`` has the largest logit.

    Each embedding stands 0.5 radians further than the one before and is 1.2 times as long: its
    logit is 1.2 cos 0.5 = 1.05 times that of the one before. The last token follows itself.
    """
    model = beside("exercises.model.llama.Llama")(**{**TABLE, "vocabulary": len(order)})
    state = {name: torch.zeros(part.shape) for name, part in value(model.named_parameters())}
    state["norm.weight"] += 1.0
    places = torch.arange(len(order))
    state["tokens.weight"][order, 0] = 1.2**places * torch.cos(0.5 * places)
    state["tokens.weight"][order, 1] = 1.2**places * torch.sin(0.5 * places)
    model.load_state_dict(state)
    return model


def _follow(order, token, steps, end):
    """Return the tokens that come after a token in the chain, and repeat ``end`` after it."""
    place, new = order.index(token), []
    for step in range(1, steps + 1):
        new.append(end if end in new else order[min(place + step, len(order) - 1)])
    return new


def _greedy(beside, model, ids, count):
    """Return what generate returns, which computes all tokens in each step."""
    generate = beside("exercises.sampling.generate.generate")
    return value(generate(model, ids, count, ids.shape[1] + count, t=0))


def _listen(model, prop):
    """Return a recorder for each block, which is called when its feed-forward network is."""
    recorders = []
    for block in model.blocks:
        recorders.append(prop("Recorder"))
        block.feed_forward.register_forward_hook(recorders[-1])
    return recorders


def _lengths(recorder):
    """Return how many tokens per sequence there were in each call."""
    return [arguments[0].shape[1] for _, arguments, _ in recorder.heard]


def _split(rng, total):
    """Return random positive numbers with this sum."""
    cuts = sorted(rng.sample(range(1, total), 3))
    return [stop - start for start, stop in zip([0, *cuts], [*cuts, total], strict=True)]
