"""The checks of generate."""

import torch

from grader.checks import distributed_as, equal, formed, holds, value

INF = float("inf")
CHAIN = torch.full((4, 4), -INF)
"""Logits of a model that has no choice: 1 follows 0, 2 follows 1, 3 follows 2, 0 follows 3."""
CHAIN[torch.arange(4), torch.tensor([1, 2, 3, 0])] = 0.0


def test_the_result_is_the_prompts_with_their_new_tokens(generate, prop, randn, randint):
    """With count new tokens, prompts of shape (B, T) become an int64 tensor (B, T + count)."""
    for batch, tokens, count in ((1, 1, 1), (2, 3, 5), (5, 2, 7), (3, 4, 0)):
        model, ids = prop("TableModel", randn(7, 7)), randint(0, 7, batch, tokens)
        got = _continued(generate(model, ids, count, 5), ids, count)
        inside = bool(((got >= 0) & (got < 7)).all())
        holds(inside, "every new token is an id of the vocabulary, from 0 to 6", got=got)


def test_each_token_follows_the_last_one(generate, prop):
    """A model that has no choice continues [0 0 2] with 3 0 1 2, and [3 2 0] with 1 2 3 0."""
    ids = torch.tensor([[0, 0, 2], [3, 2, 0], [2, 1, 3]])
    want = [[0, 0, 2, 3, 0, 1, 2], [3, 2, 0, 1, 2, 3, 0], [2, 1, 3, 0, 1, 2, 3]]
    got = generate(prop("TableModel", CHAIN), ids, 4, 8)
    say = "1 follows 0, 2 follows 1, 3 follows 2 and 0 follows 3 with probability 1"
    equal(got, torch.tensor(want), say=say)


def test_temperature_0_takes_the_most_probable_token(generate, prop, randint):
    """With t = 0 each token is the one with the largest logit, the lowest id of equal ones."""
    for dtype in (torch.float32, torch.float64):
        # Six values for seven tokens: in each row some logits are equal, often the largest.
        table = randint(0, 6, 7, 7).to(dtype)
        ids = torch.arange(7)[:, None]
        want = ids
        for _ in range(9):
            want = torch.cat([want, table[want[:, -1:]].argmax(dim=2)], dim=1)
        for seed in (0, 5):
            got = generate(prop("TableModel", table), ids, 9, 4, t=0, seed=seed)
            equal(got, want, say=f"the most probable tokens, seed {seed}")


def test_the_model_is_called_once_a_token_with_the_last_tokens(generate, prop, randn, randint):
    """Each step is one call for the batch, with all tokens or the last context ones."""
    for batch, tokens, count, context in ((2, 2, 7, 5), (3, 9, 3, 4), (1, 3, 4, 1), (2, 3, 2, 99)):
        model = prop("TableModel", randn(7, 7), context=context)
        ids = randint(0, 7, batch, tokens)
        got = _continued(generate(model, ids, count, context), ids, count)
        want = [min(tokens + step, context) for step in range(count)]
        say = f"tokens per sequence in each call, for prompts of {tokens} and context={context}"
        equal(value(model.lengths), want, say=say)
        for step, seen in enumerate(value(model.seen)):
            last = got[:, : tokens + step][:, -context:]
            equal(seen, last, say=f"what the model is given in step {step}, context={context}")


def test_a_gpt_is_continued_beyond_its_context(generate, beside, randn, randint):
    """The course's GPT continues prompts as it would if each step were done by hand."""
    model = beside("exercises.model.gpt.GPT")(11, 5, 12, 2, 3)
    parts = dict(value(model.named_parameters()))
    # Parameters large enough that each token and each position changes the logits.
    state = {name: randn(*part.shape) for name, part in parts.items()}
    model.load_state_dict(state, strict=False)
    model.double()
    for tokens in (2, 7):
        ids = randint(0, 11, 3, tokens)
        want = ids
        for _ in range(8):
            last = value(model(want[:, -5:]))[:, -1:]
            want = torch.cat([want, last.argmax(dim=2)], dim=1)
        got = generate(model, ids, 8, 5, t=0)
        equal(got, want, say=f"a GPT with context 5, prompts of {tokens} tokens, t=0")


def test_tokens_are_drawn_with_the_models_probabilities(generate, prop, randn):
    """After token i, token j comes with the probability softmax(logits / t)."""
    for t, dtype in ((None, torch.float32), (0.5, torch.float32), (2, torch.float64)):
        table = 2 * randn(5, 5, dtype=dtype)
        table[0, 3] = table[2, 2] = -INF
        ids = torch.arange(5).repeat(200)[:, None]
        settings = {} if t is None else {"t": t}
        got = _continued(generate(prop("TableModel", table), ids, 6, 4, **settings), ids, 6)
        _follow(got, torch.softmax(table.double() / (t or 1), dim=1), f"t={t or 'the default, 1'}")


def test_huge_logits_have_probabilities_too(generate, prop):
    """Logits of 10,000 and -10,000 are drawn by the same rule, at small temperatures as well."""
    table = torch.tensor([[1e4, 1e4, -1e4], [-1e4, -1e4, -1e4], [0.0, -INF, 0.0]])
    due = torch.tensor([[0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3], [0.5, 0.0, 0.5]])
    ids = torch.arange(3).repeat(100)[:, None]
    for t in (1.0, 1e-3, 1e3):
        if t == 1e3:  # 10,000 / 1,000 is 10: the three are no longer worlds apart
            due = torch.softmax(table.double() / t, dim=1)
        got = _continued(generate(prop("TableModel", table), ids, 3, 4, t=t), ids, 3)
        _follow(got, due, f"logits of 10,000 and t={t:g}")


def test_only_the_k_most_probable_tokens_are_drawn(generate, prop, randn):
    """With k, only the k tokens with the largest logits are drawn, in their proportions."""
    ids = torch.arange(5).repeat(200)[:, None]
    for k, t in ((2, 1.0), (3, 2.0), (1, 1.0), (5, 0.5), (9, 1.0)):
        table = randn(5, 5)
        # The logits of a row lie apart: which tokens are the k largest is never a close call.
        table = table.argsort(dim=1).argsort(dim=1) + table / 10
        kept = table.masked_fill(table.argsort(dim=1).argsort(dim=1) < 5 - k, -INF)
        got = _continued(generate(prop("TableModel", table), ids, 6, 4, k=k, t=t), ids, 6)
        _follow(got, torch.softmax(kept.double() / t, dim=1), f"k={k}, t={t}")
    equal_logits = prop("TableModel", torch.zeros(5, 5))
    got = _continued(generate(equal_logits, ids, 2, 4, k=2), ids, 2)
    say = "five equal logits and k=2: tokens 0 and 1, which top_k keeps, with 1/2 each"
    distributed_as(got[:, 1:], [0.5, 0.5, 0.0, 0.0, 0.0], say)
    for k in (1, 3):
        got = generate(prop("TableModel", table), ids[:5], 7, 4, k=k, t=0)
        want = generate(prop("TableModel", table), ids[:5], 7, 4, t=0)
        equal(got, want, say=f"k={k} changes nothing for t=0")


def test_sequences_and_steps_are_drawn_independently(generate, prop):
    """Equal prompts get different tokens, and a token does not depend on those drawn before."""
    ids = torch.zeros(2000, 1, dtype=torch.int64)
    got = _continued(generate(prop("TableModel", torch.zeros(3, 3)), ids, 4, 8), ids, 4)[:, 1:]
    names = [f"{one} and {other}" for one in range(3) for other in range(3)]
    for step in range(4):
        pairs = 3 * got[::2, step] + got[1::2, step]
        say = "the tokens of two sequences in one step are any of nine pairs, with 1/9 each"
        distributed_as(pairs, [1 / 9] * 9, say, names=names)
    for step in range(3):
        pairs = 3 * got[:, step] + got[:, step + 1]
        say = "two successive tokens of a sequence are any of nine pairs, with 1/9 each"
        distributed_as(pairs, [1 / 9] * 9, say, names=names)


def test_a_sequence_that_has_ended_repeats_its_end(generate, prop):
    """After end, a sequence gets end again while others go on; an end in the prompt is ignored."""
    ids = torch.tensor([[0, 0], [3, 2], [0, 3], [3, 1]])
    got = generate(prop("TableModel", CHAIN), ids, 9, 8, end=3)
    want = [[0, 0, 1, 2, 3, 3], [3, 2, 3, 3, 3, 3], [0, 3, 0, 1, 2, 3], [3, 1, 2, 3, 3, 3]]
    say = "3 is the end; the third sequence is the last to draw it, in step 4"
    equal(got, torch.tensor(want), say=say)
    got = generate(prop("TableModel", CHAIN), ids, 3, 8, end=0)
    want = [[0, 0, 1, 2, 3], [3, 2, 3, 0, 0], [0, 3, 0, 0, 0], [3, 1, 2, 3, 0]]
    equal(got, torch.tensor(want), say="0 is the end, and count is 3")


def test_generation_stops_when_every_sequence_has_ended(generate, prop, randn):
    """The step in which the last sequence ends is the last one; without end there are count."""
    for prompts, end, steps in (
        ([[2]], 3, 1),
        ([[0], [2]], 3, 3),
        ([[1], [2], [0]], 0, 4),
        ([[3], [3]], 3, 4),
        ([[0]], None, 11),
    ):
        model, ids = prop("TableModel", CHAIN), torch.tensor(prompts)
        got = generate(model, ids, 11, 8, end=end)
        say = f"the steps for the prompts {prompts} with end={end}"
        equal(got.shape[1] - 1, steps, say=say)
        equal(model.calls, steps, say=f"{say}: calls of the model")
    table = randn(5, 5)
    ids = torch.arange(5).repeat(30)[:, None]
    got = value(generate(prop("TableModel", table), ids, 25, 8, end=2))
    ended = (got[:, 1:] == 2).cumsum(dim=1) > 0
    say = "of random tokens too, all that follow an end are ends"
    holds(bool((got[:, 1:][ended] == 2).all()), say, got=got)
    holds(got.shape[1] == 26 or bool((got[:, -1] == 2).all()), "no sequence stops early", got=got)


def test_the_model_is_evaluated_without_gradients(generate, prop, beside, randn, randint):
    """In each call the modules are in evaluation mode, and no gradients are recorded."""
    for mode in (True, False):
        inner = prop("TableModel", randn(5, 5))
        model = beside("torch.nn.Sequential")(inner)
        model.train(mode)
        generate(model, randint(0, 5, 2, 3), 3, 8)
        say = f"whether each call is in training mode, and records gradients; before, train({mode})"
        equal(value(inner.modes), [(False, False)] * 3, say=say)


def test_the_model_is_left_as_it_was(generate, prop, beside, randint):
    """Afterwards modules and gradient recording are as before, and nothing is trained."""
    # No choice, so that the results are the same whatever the draws are.
    table = CHAIN
    for mode in (True, False):
        inner = prop("TableModel", table)
        model = beside("torch.nn.Sequential")(inner)
        model.train(mode)
        for count, end in ((3, None), (9, 2)):
            generate(model, randint(0, 4, 2, 3), count, 8, end=end)
            equal(model.training, mode, say=f"model.training after generate, before train({mode})")
            say = f"training of a module in the model, before train({mode})"
            equal(inner.training, mode, say=say)
            recorded = beside("torch.is_grad_enabled")()
            equal(recorded, True, say="whether gradients are recorded afterwards")
        switch = beside("torch.set_grad_enabled")
        switch(False)
        generate(model, randint(0, 4, 2, 3), 2, 8)
        recorded = beside("torch.is_grad_enabled")()
        switch(True)
        say = "whether gradients are recorded afterwards, if they were not before"
        equal(recorded, False, say=say)
        equal(value(inner.table), table, say="the model's parameter")
        equal(inner.table.grad, None, say="the parameter's gradient")


def test_the_seed_decides_the_draws(generate, prop):
    """Equal seeds give equal tokens; different seeds give tokens that have nothing in common."""
    model, ids = prop("TableModel", torch.zeros(50, 50)), torch.zeros(1, 1, dtype=torch.int64)
    drawn = {}
    # First a seed of no other check: nothing is left of it in the learner's process.
    for seed in (1000, 2**32 - 1, 0, 1, 2):
        drawn[seed] = _continued(generate(model, ids, 40, 8, seed=seed), ids, 40)[0, 1:]
        again = generate(model, ids, 40, 8, seed=seed)
        equal(again[0, 1:], drawn[seed], say=f"a second call with the seed {seed}")
    equal(generate(model, ids, 40, 8)[0, 1:], drawn[0], say="without a seed, it is 0")
    for one, first in drawn.items():
        for other, second in drawn.items():
            # One of 50 tokens at 37 places or more: 15 that agree have a probability of 1e-15.
            for lag in range(4):
                if one != other or lag:
                    same = int((first[lag:] == second[: 40 - lag]).sum())
                    say = (
                        f"the tokens of seed {one} from step {lag} on and those of seed {other} "
                        "agree by chance alone"
                    )
                    holds(same < 15, say, want="about 1 of 40", got=str(same))


def test_different_seeds_share_no_sequence(generate, prop):
    """No sequence of one seed has the draws of any sequence of another seed."""
    model, ids = prop("TableModel", torch.zeros(50, 50)), torch.zeros(3, 1, dtype=torch.int64)
    drawn = [_continued(generate(model, ids, 40, 8, seed=n), ids, 40)[:, 1:] for n in (0, 1, 2)]
    for one, first in enumerate(drawn):
        for other, second in enumerate(drawn[:one]):
            for row, here in enumerate(first):
                for place, there in enumerate(second):
                    same = int((here == there).sum())
                    say = (
                        f"sequence {row} of seed {one} and sequence {place} of seed {other} agree "
                        "by chance alone"
                    )
                    holds(same < 15, say, want="about 1 of 40", got=str(same))


def test_the_global_generators_are_left_alone(generate, prop, beside, randn):
    """Generating neither uses nor changes the global generators of random, NumPy and PyTorch."""
    names = ("random.getstate", "numpy.random.get_state", "torch.get_rng_state")
    states = [beside(name) for name in names]
    before = [state() for state in states]
    generate(prop("TableModel", randn(5, 5)), torch.zeros(2, 1, dtype=torch.int64), 3, 8)
    for name, state, was in zip(["random", "NumPy", "PyTorch"], states, before, strict=True):
        equal(state(), was, say=f"the state of the global generator of {name} has changed")


def test_the_prompts_stay_and_may_be_views(generate, prop):
    """ids is not changed, and a transposed or strided view gives what its copy gives."""
    ids = torch.tensor([[0, 3, 2], [1, 1, 0], [2, 0, 3], [3, 2, 1]])
    for name, view in (("contiguous", ids), ("transposed", ids.T), ("every second", ids[::2])):
        before = view.clone()
        for context in (2, 8):
            got = generate(prop("TableModel", CHAIN), view, 5, context, end=None)
            equal(view, before, say=f"the call changed its prompts, {name}")
            tail = (view[:, -1:] + torch.arange(1, 6)) % 4
            equal(got, torch.cat([before, tail], dim=1), say=f"prompts that are {name}")


def _continued(got, ids, count):
    """Return the result as a tensor, after checking its form and that it begins with the ids."""
    batch, tokens = ids.shape
    formed(got, f"int64 tensor {batch}x{tokens + count}", "generate(...)")
    equal(got[:, :tokens], ids, say="the result begins with the prompts")
    return got


def _follow(got, probabilities, setting):
    """Claim that after each token the next one has these probabilities."""
    before, after = got[:, :-1].flatten(), got[:, 1:].flatten()
    for token, row in enumerate(probabilities):
        say = f"{setting}: the tokens after {token} are drawn with the probabilities of its logits"
        drawn = after[before == token]
        if len(drawn):
            distributed_as(drawn, row, say)
