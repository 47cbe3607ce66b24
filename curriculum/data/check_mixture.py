"""What is asked of mixtures."""

from itertools import pairwise

import pytest

from grader.engine.expect import close, equal, formed, holds

COUNT = 7000


def test_the_result_is_a_list_of_count_items(mixture):
    """As many items come as were asked for, each from one of the sources."""
    for count in (0, 1, 2, 13):
        got = mixture([["a", "b"], ["x", "y", "z"]], [1.0, 2.0], count, 3)
        _drawn(got, count)
        holds(all(item in list("abxyz") for item in got), "every item comes from a source", got=got)


def test_shares_worked_by_hand(mixture_weights):
    """Sizes of 9 and 1 give 0.9 and 0.1, with alpha 1/2 they give 3/4 and 1/4, with 0 halves."""
    _shares(mixture_weights([9, 1]), [0.9, 0.1], "alpha 1")
    _shares(mixture_weights([9, 1], 0.5), [0.75, 0.25], "alpha 0.5")
    _shares(mixture_weights([9, 1], 0.0), [0.5, 0.5], "alpha 0")
    _shares(mixture_weights([16, 81, 1], alpha=0.25), [2 / 6, 3 / 6, 1 / 6], "alpha 0.25")


def test_shares_follow_the_rule(mixture_weights, rng):
    """For any sizes and alpha, shares are as the powers of the sizes and sum to 1."""
    for _ in range(7):
        sizes = [rng.randint(1, 10**9) for _ in range(rng.randint(1, 5))]
        alpha = rng.random()
        whole = sum(size**alpha for size in sizes)
        say = f"sizes {sizes}, alpha {alpha:.3f}"
        _shares(mixture_weights(sizes, alpha), [size**alpha / whole for size in sizes], say)


def test_one_source_gives_its_items_in_order_and_begins_again(mixture):
    """Of a source of three, five draws give all three and then the first two."""
    got = mixture([["x"], ["a", "b", "c"]], [0.0, 3.0], 5, 7)
    equal(got, ["a", "b", "c", "a", "b"], say="only the second source has a weight")


def test_each_source_goes_on_where_it_stopped(mixture, rng):
    """What is drawn from one source is its items in order, again and again, whatever else came."""
    sources = [[10, 11, 12], [20, 21, 22, 23, 24], [30, 31]]
    for _ in range(5):
        got = _drawn(mixture(sources, [1.0, 2.0, 1.0], 60, rng.randrange(1000)), 60)
        for source in sources:
            ours = [item for item in got if item in source]
            want = [source[i % len(source)] for i in range(len(ours))]
            equal(ours, want, say=f"what came from {source}")


def test_each_source_is_chosen_as_often_as_its_weight_says(mixture):
    """Weights of 1, 2, 0 and 4 give shares of 1/7, 2/7, 0 and 4/7, whatever they sum to."""
    for scale in (1.0, 0.1):
        weights = [1 * scale, 2 * scale, 0.0, 4 * scale]
        got = _drawn(mixture([[0, 0], [1], [2, 2, 2], [3]], weights, COUNT, 11), COUNT)
        counts = [got.count(i) for i in range(4)]
        # 1000, 2000, 0 and 4000 are expected, give or take 42 at most; 250 is six times that.
        near = all(abs(c - w) < 250 for c, w in zip(counts, [1000, 2000, 0, 4000], strict=True))
        holds(near and counts[2] == 0, f"how often each source came with {weights}", got=counts)


def test_a_choice_does_not_depend_on_the_one_before(mixture):
    """With two equal weights, the same source comes twice running in half of all cases."""
    got = _drawn(mixture([["a"], ["b"]], [1.0, 1.0], COUNT, 5), COUNT)
    twice = sum(one == other for one, other in pairwise(got))
    # 3500 are expected, give or take 42.
    say = "how often, of 6999 times, a source was chosen that was chosen just before"
    holds(abs(twice - 3500) < 250, say, want="3500", got=str(twice))


def test_the_seed_decides_the_draws(mixture):
    """The same seed gives the same draws again, and other seeds give others."""
    sources, weights = [list(range(50)), list(range(100, 150))], [1.0, 1.0]
    drawn = [_drawn(mixture(sources, weights, 70, seed), 70) for seed in (0, 1, 2)]
    for seed, before in enumerate(drawn):
        equal(mixture(sources, weights, 70, seed), before, say=f"seed {seed} again")
    for one, other in [(0, 1), (1, 2), (0, 2)]:
        say = f"the seeds {one} and {other} give different draws"
        holds(drawn[one] != drawn[other], say, got=drawn[one])


def test_the_global_generators_are_left_alone(mixture, beside):
    """Drawing neither seeds nor uses the generators that the rest of a program shares."""
    states = [beside(name) for name in ("random.getstate", "numpy.random.get_state")]
    states.append(beside("torch.get_rng_state"))
    before = [state() for state in states]
    _drawn(mixture([["a"], ["b"]], [1.0, 1.0], 5, 7), 5)
    for name, state, was in zip(["random", "NumPy", "PyTorch"], states, before, strict=True):
        equal(state(), was, say=f"the global generator of {name} has changed")


def test_sources_weights_and_sizes_stay_as_they_were(mixture, mixture_weights):
    """The lists that go in are the same afterwards."""
    sources, weights, sizes = [["a", "b"], ["x", "y", "z"]], [1.0, 3.0], [9, 1]
    mixture(sources, weights, 7, 0)
    equal(sources, [["a", "b"], ["x", "y", "z"]], say="the sources have changed")
    equal(weights, [1.0, 3.0], say="the weights have changed")
    mixture_weights(sizes, 0.5)
    equal(sizes, [9, 1], say="the sizes have changed")


def test_what_cannot_be_drawn_from_is_refused(mixture):
    """Too few weights, weights below 0, none above 0 and an empty source raise ValueError."""
    equal(mixture([[], ["a"]], [0.0, 1.0], 2, 0), ["a", "a"], say="an empty source of weight 0")
    for sources, weights in [
        ([["a"], ["b"]], [1.0]),
        ([["a"]], [1.0, 1.0]),
        ([["a"], ["b"]], [2.0, -1.0]),
        ([["a"], ["b"]], [0.0, 0.0]),
        ([["a"], []], [1.0, 1.0]),
        ([], []),
    ]:
        for count in (0, 3):
            with pytest.raises(ValueError):
                mixture(sources, weights, count, 0)


def test_sizes_below_1_are_refused(mixture_weights):
    """No size at all, or one below 1, raises ValueError."""
    for sizes in ([], [0], [3, 0, 5], [2, -1]):
        with pytest.raises(ValueError):
            mixture_weights(sizes, 0.5)


def _shares(got, want, say):
    """A list of floats near these."""
    formed(got, f"list of {len(want)}", f"the shares for {say}")
    for i, (ours, theirs) in enumerate(zip(got, want, strict=True)):
        close(ours, theirs, say=f"share {i} for {say}")


def _drawn(got, count):
    """The items, once it is known that they are a list of so many."""
    formed(got, f"list of {count}", "mixture(...)")
    return got
