"""The checks of mixtures."""

from itertools import combinations, pairwise

import pytest

from grader.checks import close, equal, formed, holds, value

COUNT = 7000
INVALID = [
    ([["a"], ["b"]], [1.0]),
    ([["a"]], [1.0, 1.0]),
    ([["a"], ["b"]], [2.0, -1.0]),
    ([["a"], ["b"]], [0.0, 0.0]),
    ([["a"], []], [1.0, 1.0]),
    ([], []),
]
"""Sources and weights that do not fit."""


def test_the_result_is_a_list_of_count_items(mixture):
    """The result is a list of count items, each from one of the sources."""
    for count in (0, 1, 2, 13):
        got = mixture([["a", "b"], ["x", "y", "z"]], [1.0, 2.0], count, 3)
        _drawn(got, count)
        holds(all(item in list("abxyz") for item in got), "every item comes from a source", got=got)


def test_probabilities_worked_by_hand(mixture_weights):
    """Sizes 9 and 1 give 0.9 and 0.1 with alpha 1, 3/4 and 1/4 with 1/2, and 1/2 each with 0."""
    _shares(mixture_weights([9, 1]), [0.9, 0.1], "alpha 1")
    _shares(mixture_weights([9, 1], 0.5), [0.75, 0.25], "alpha 0.5")
    _shares(mixture_weights([9, 1], 0.0), [0.5, 0.5], "alpha 0")
    _shares(mixture_weights([16, 81, 1], alpha=0.25), [2 / 6, 3 / 6, 1 / 6], "alpha 0.25")


def test_probabilities_follow_the_rule(mixture_weights, rng):
    """For random sizes and alpha, the probabilities follow the formula and sum to 1."""
    for _ in range(7):
        sizes = [rng.randint(1, 10**9) for _ in range(rng.randint(1, 5))]
        alpha = rng.random()
        whole = sum(size**alpha for size in sizes)
        say = f"sizes {sizes}, alpha {alpha:.3f}"
        _shares(mixture_weights(sizes, alpha), [size**alpha / whole for size in sizes], say)


def test_one_source_gives_its_items_in_order_and_begins_again(mixture):
    """Five draws from a source of three items give all three, then the first two."""
    got = mixture([["x"], ["a", "b", "c"]], [0.0, 3.0], 5, 7)
    equal(got, ["a", "b", "c", "a", "b"], say="only the second source has a weight")


def test_each_source_goes_on_where_it_stopped(mixture, rng):
    """A source gives its items in order, whatever is drawn from the others in between."""
    sources = [[10, 11, 12], [20, 21, 22, 23, 24], [30, 31]]
    for _ in range(5):
        got = _drawn(mixture(sources, [1.0, 2.0, 1.0], 60, rng.randrange(1000)), 60)
        for source in sources:
            ours = [item for item in got if item in source]
            want = [source[i % len(source)] for i in range(len(ours))]
            equal(ours, want, say=f"the items drawn from {source}, in order")


def test_each_source_is_chosen_as_often_as_its_weight_says(mixture):
    """Weights 1, 2, 0 and 4 give frequencies of 1/7, 2/7, 0 and 4/7, whatever their sum."""
    for scale in (1.0, 0.1):
        weights = [1 * scale, 2 * scale, 0.0, 4 * scale]
        got = _drawn(mixture([[0, 0], [1], [2, 2, 2], [3]], weights, COUNT, 11), COUNT)
        counts = [got.count(i) for i in range(4)]
        # 1000, 2000, 0 and 4000 are expected, ± 42 at most; 250 is six standard deviations.
        near = all(abs(c - w) < 250 for c, w in zip(counts, [1000, 2000, 0, 4000], strict=True))
        holds(
            near and counts[2] == 0,
            f"with weights {weights}, each source is drawn in proportion to its weight",
            want="about 1,000, 2,000 and 4,000 draws, and none of the third source",
            got=counts,
        )


def test_a_small_weight_counts(mixture):
    """A source with 1/250 of the weight is chosen in about 80 of 20,000 draws."""
    got = _drawn(mixture([["a"], ["b"]], [1.0, 249.0], 20_000, 13), 20_000).count("a")
    # 80 ± 9 are expected; 50 is five and a half standard deviations.
    say = "with weights 1 and 249, the first source is chosen in about 80 of 20,000 draws"
    holds(30 < got < 130, say, want="about 80", got=str(got))


def test_few_draws_are_independent_too(mixture, beside):
    """Of 100 pairs of draws with equal weights, about half choose the same source twice."""
    lists = [[[["a"], ["b"]]] * 100, [[1.0, 1.0]] * 100, [2] * 100, list(range(100))]
    pairs = value(beside("builtins.list")(beside("builtins.map")(mixture, *lists)))
    for pair in pairs:
        _drawn(pair, 2)
    same = sum(one == other for one, other in pairs)
    # 50 ± 5 are expected; 30 is six standard deviations.
    say = "of 100 calls for two draws, about 50 choose the same source twice"
    holds(abs(same - 50) < 30, say, want="about 50", got=str(same))


def test_a_choice_does_not_depend_on_the_one_before(mixture):
    """Draws are independent: with two equal weights, half of all draws repeat the source."""
    got = _drawn(mixture([["a"], ["b"]], [1.0, 1.0], COUNT, 5), COUNT)
    twice = sum(one == other for one, other in pairwise(got))
    # 3500 ± 42 are expected.
    say = "of 6,999 draws, about 3,500 choose the same source as the draw before"
    holds(abs(twice - 3500) < 250, say, want="about 3,500", got=str(twice))


def test_the_seed_decides_the_draws(mixture):
    """The same seed gives the same draws, and different seeds of any size give different draws."""
    sources, weights = [list(range(50)), list(range(100, 150))], [1.0, 1.0]
    # The last two have the lowest 32 bits of 1, and so a generator that reads no more draws alike.
    seeds = (0, 1, 2, 2**32 + 1, 2**64 + 1)
    drawn = {seed: _drawn(mixture(sources, weights, 70, seed), 70) for seed in seeds}
    for seed, before in drawn.items():
        equal(mixture(sources, weights, 70, seed), before, say=f"seed {seed} again")
    for one, other in combinations(seeds, 2):
        say = f"the seeds {one} and {other} give different draws"
        holds(drawn[one] != drawn[other], say, got=drawn[one])


def test_the_global_generators_are_left_alone(mixture, beside):
    """Drawing neither uses nor seeds the global random generators."""
    states = [beside(name) for name in ("random.getstate", "numpy.random.get_state")]
    states.append(beside("torch.get_rng_state"))
    before = [state() for state in states]
    _drawn(mixture([["a"], ["b"]], [1.0, 1.0], 5, 7), 5)
    for name, state, was in zip(["random", "NumPy", "PyTorch"], states, before, strict=True):
        equal(state(), was, say=f"the state of the global generator of {name} has changed")


def test_sources_weights_and_sizes_stay_as_they_were(mixture, mixture_weights):
    """The lists that are passed in are not changed."""
    sources, weights, sizes = [["a", "b"], ["x", "y", "z"]], [1.0, 3.0], [9, 1]
    mixture(sources, weights, 7, 0)
    equal(sources, [["a", "b"], ["x", "y", "z"]], say="the sources were changed in place")
    equal(weights, [1.0, 3.0], say="the weights were changed in place")
    mixture_weights(sizes, 0.5)
    equal(sizes, [9, 1], say="the sizes were changed in place")


def test_invalid_weights_and_empty_sources_are_refused(mixture):
    """Missing, extra, negative or all-zero weights and an empty source raise ValueError."""
    equal(mixture([[], ["a"]], [0.0, 1.0], 2, 0), ["a", "a"], say="an empty source of weight 0")
    for sources, weights in INVALID:
        with pytest.raises(ValueError):
            mixture(sources, weights, 30, 0)


def test_they_are_refused_even_if_nothing_is_drawn(mixture):
    """Invalid weights and empty sources raise ValueError for a count of 0 too."""
    for sources, weights in INVALID:
        with pytest.raises(ValueError):
            mixture(sources, weights, 0, 0)


def test_sizes_below_1_are_refused(mixture_weights):
    """No size at all, or a size below 1, raises ValueError."""
    for sizes in ([0], [3, 0, 5], [2, -1], []):
        with pytest.raises(ValueError):
            mixture_weights(sizes, 0.5)


def _shares(got, want, say):
    """Compare a list of floats with these."""
    formed(got, f"list of {len(want)}", f"the probabilities for {say}")
    for i, (ours, theirs) in enumerate(zip(got, want, strict=True)):
        close(ours, theirs, say=f"probability {i} for {say}")


def _drawn(got, count):
    """Return the items, after checking that they are a list of this length."""
    formed(got, f"list of {count}", "mixture(...)")
    return got
