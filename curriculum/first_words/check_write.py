"""The checks of writing."""

from itertools import combinations
from string import ascii_letters

import pytest
import torch

from grader.checks import distributed_as, equal, holds

ALWAYS = 10**12
"""A count beside which the ones that are added to the other counts make no difference."""


def test_the_text_begins_with_start_and_goes_on_for_length_characters(write):
    """The text is a string: start, then length characters, each of them one of the letters."""
    counts, letters = torch.tensor([[1, 2, 3], [0, 2, 1], [5, 0, 0]]), ["a", "b", "c"]
    for start, length in [("a", 1), ("b", 2), ("c", 13)]:
        got = _written(write(counts, letters, start, length, 7), letters, length)
        holds(got[0] == start, f"the text begins with {start!r}", got=got)


def test_each_letter_is_drawn_from_the_row_of_the_one_before(write):
    """What follows letters[i] is drawn from row i of the counts, at each place of the text."""
    letters = ["a", "b", "c", "d", "e"]
    counts = _following(letters, {"a": "c", "c": "e", "e": "b", "b": "d", "d": "a"})
    say = "a is always followed by c, c by e, e by b, b by d, and d by a"
    equal(write(counts, letters, "a", 12, 1), "acebdacebdace", say=say)
    equal(write(counts, letters, "d", 3, 2), "dace", say=say)
    # The same numbers, with each column's next to each other in memory.
    equal(write(counts.T.contiguous().T, letters, "b", 4, 3), "bdace", say=say)
    counts = _following(letters, {"a": "b", "b": "c", "c": "c", "d": "d", "e": "d"})
    say = "a is always followed by b, b by c, and c by c"
    equal(write(counts, letters, "a", 5, 4), "abcccc", say=say)


def test_the_letters_may_be_in_any_order(write):
    """Row and column i belong to letters[i], whatever order the letters are in."""
    letters = ["z", "\n", "Q", " ", "é"]
    counts = _following(letters, {"z": "Q", "Q": " ", " ": "é", "é": "\n", "\n": "z"})
    say = "z is always followed by Q, Q by a space, the space by é, é by a line end, it by z"
    equal(write(counts, letters, "Q", 7, 5), "Q é\nzQ é", say=say)


def test_a_letter_comes_as_often_as_its_count_says(write, rng):
    """The probability of a letter is its count + 1, divided by the sum of the row + V."""
    counts, letters = torch.tensor([[4, 0, 1]] * 3), ["a", "b", "c"]
    draws = _draw(write, counts, letters, 1000, rng)
    say = "with the counts 4, 0, 1 in each row, a, b and c have the probabilities 5/8, 1/8, 2/8"
    distributed_as(draws, [5 / 8, 1 / 8, 2 / 8], say, names=letters)


def test_one_is_added_to_each_count(write, rng):
    """One is added to each count, neither more nor less, also to those that are not 0."""
    counts, letters = torch.tensor([[1, 0]] * 2), ["a", "b"]
    draws = _draw(write, counts, letters, 1000, rng)
    say = "with the counts 1 and 0 in each row, a and b have the probabilities 2/3 and 1/3"
    distributed_as(draws, [2 / 3, 1 / 3], say, names=letters)
    letters = list(ascii_letters[:50])
    counts = torch.zeros(50, 50, dtype=torch.int64)
    counts[:, 0] = 50
    draws = [min(number, 1) for number in _draw(write, counts, letters, 1000, rng)]
    say = "with the count 50 for a and 0 for 49 others, a has the probability 51/100"
    distributed_as(draws, [51 / 100, 49 / 100], say, names=["a", "others"])


def test_a_row_of_zeros_makes_all_letters_equally_probable(write, rng):
    """After a letter that nothing followed, each letter is equally probable."""
    counts, letters = torch.zeros(5, 5, dtype=torch.int64), ["a", "b", "c", "d", "e"]
    draws = _draw(write, counts, letters, 600, rng)
    say = "with counts of 0 alone, each of the five letters has the probability 1/5"
    distributed_as(draws, [0.2] * 5, say, names=letters)


def test_a_draw_does_not_depend_on_earlier_ones(write, rng):
    """With two equally probable letters, all eight sequences of three are equally frequent."""
    counts, letters = torch.zeros(2, 2, dtype=torch.int64), ["a", "b"]
    text = _written(write(counts, letters, "a", 1500, rng.randrange(2**32)), letters, 1500)
    names = [one + two + three for one in letters for two in letters for three in letters]
    draws = [names.index(text[at : at + 3]) for at in range(1, 1500, 3)]
    say = "each of the eight sequences of three letters comes in one of eight cases"
    distributed_as(draws, [1 / 8] * 8, say, names=names)


def test_one_letter_is_repeated(write):
    """With a single letter the text repeats it, whatever its count is."""
    for count in (0, 3):
        equal(write(torch.tensor([[count]]), ["x"], "x", 6, 0), "xxxxxxx", say=f"count {count}")


def test_the_seed_decides_the_text(write):
    """The same seed gives the same text again, and different seeds give different texts."""
    counts, letters = torch.zeros(3, 3, dtype=torch.int64), ["a", "b", "c"]
    seeds = (0, 1, 2, 2**31, 2**32 - 1)
    texts = {seed: _written(write(counts, letters, "a", 60, seed), letters, 60) for seed in seeds}
    for seed, before in texts.items():
        equal(write(counts, letters, "a", 60, seed), before, say=f"seed {seed} again")
    for one, other in combinations(seeds, 2):
        say = f"the seeds {one} and {other} give different texts"
        holds(texts[one] != texts[other], say, got=texts[one])


def test_the_global_generators_are_left_alone(write, beside):
    """A call leaves the global random generators of Python, NumPy and PyTorch as they were."""
    states = [beside(name) for name in ("random.getstate", "numpy.random.get_state")]
    states.append(beside("torch.get_rng_state"))
    before = [state() for state in states]
    _written(write(torch.zeros(2, 2, dtype=torch.int64), ["a", "b"], "a", 5, 7), ["a", "b"], 5)
    for name, state, was in zip(["random", "NumPy", "PyTorch"], states, before, strict=True):
        equal(state(), was, say=f"the state of the global generator of {name} has changed")


def test_a_length_of_0_gives_start_alone(write):
    """With length 0 nothing is drawn, and the text is start."""
    counts = torch.tensor([[1, 2], [3, 4]])
    equal(write(counts, ["a", "b"], "b", 0, 0), "b", say="start is 'b', length is 0")


def test_a_start_that_is_none_of_the_letters_is_refused(write):
    """A start that is another character, empty or several characters raises ValueError."""
    counts, letters = torch.tensor([[1, 2], [3, 4]]), ["a", "b"]
    for start in ("c", "A", "", "ab", "aa"):
        for length in (3, 0):
            with pytest.raises(ValueError):
                write(counts, letters, start, length, 0)
                say = f"{start!r} is not in ['a', 'b'], so it raises ValueError, also for length 0"
                holds(False, say)


def test_counts_and_letters_stay_as_they_were(write):
    """The counts and the letters are not changed, so that a second call reads the same table."""
    counts, letters = torch.tensor([[1, 2], [0, 4]]), ["b", "a"]
    write(counts, letters, "a", 9, 3)
    equal(counts, torch.tensor([[1, 2], [0, 4]]), say="the counts were changed in place")
    equal(letters, ["b", "a"], say="the letters were changed in place")


def _following(letters, next_one):
    """Return counts by which each letter is followed by one other, as good as always."""
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for first, second in next_one.items():
        counts[letters.index(first), letters.index(second)] = ALWAYS
    return counts


def _written(got, letters, length):
    """Return the text, after checking that it is one of the letters and of this length."""
    holds(type(got) is str, "the text is a str", want="a str", got=got)
    say = f"with length {length:,}, the text has {length + 1:,} characters: start and those drawn"
    holds(len(got) == length + 1, say, want=length + 1, got=len(got))
    stray = sorted(set(got) - set(letters))
    holds(not stray, "each character of the text is one of the letters", want=letters, got=stray)
    return got


def _draw(write, counts, letters, number, rng):
    """Return the numbers of the letters that are drawn in eight texts with different seeds."""
    length, drawn = number // 8, []
    for _ in range(8):
        got = write(counts, letters, letters[0], length, rng.randrange(2**32))
        drawn += [letters.index(letter) for letter in _written(got, letters, length)[1:]]
    return drawn
