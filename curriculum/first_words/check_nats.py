"""The checks of nats."""

import math
from itertools import pairwise

import pytest
import torch

from grader.checks import close, equal, holds, load_shared

shared = load_shared(__file__)
FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""What the contract asks for, which float32 has even in a long sum."""


def test_the_result_is_a_number_of_python(nats):
    """nats returns a Python float."""
    got = nats(torch.tensor([[1, 2], [3, 4]]), ["a", "b"], "abba")
    holds(type(got) is float, "the result is a float of Python", want="a float", got=got)


def test_equal_choices_cost_the_logarithm_of_their_number(nats):
    """If all V letters are equally probable, a text of any length costs log V nats."""
    for letters in (["a", "b"], ["a", "b", "c"], list("abcdefg")):
        size = len(letters)
        counts = torch.full((size, size), 5, dtype=torch.int64)
        say = f"{size} letters that are equally probable, as chance would have it: log {size}"
        close(nats(counts, letters, "abbaab"), math.log(size), say=say, **FLOAT32)
    close(nats(torch.tensor([[4]]), ["x"], "xxx"), 0.0, say="a single letter is certain", **FLOAT32)


def test_pairs_worked_by_hand(nats):
    """After "abab" was counted, "ab" costs -log(3/4), "ba" -log(2/3); 98/99 costs 0.01015."""
    counts, letters = torch.tensor([[0, 2], [1, 0]]), ["a", "b"]
    close(nats(counts, letters, "ab"), -math.log(3 / 4), say="b after a has (2+1)/4", **FLOAT32)
    close(nats(counts, letters, "ba"), -math.log(2 / 3), say="a after b has (1+1)/3", **FLOAT32)
    counts = torch.tensor([[97, 0], [0, 0]])
    close(nats(counts, letters, "aa"), -math.log(98 / 99), say="a after a has 98/99", **FLOAT32)


def test_one_is_added_to_each_count(nats):
    """A pair that was never counted has the probability 1 / (sum of its row + V)."""
    counts, letters = torch.tensor([[0, 8, 0], [3, 1, 2], [0, 0, 0]]), ["a", "b", "c"]
    for text, chance in [("ac", "1/11"), ("ab", "9/11"), ("bb", "2/9"), ("cc", "1/3")]:
        above, below = map(int, chance.split("/"))
        say = f"{text[1]} after {text[0]} has the probability {chance}"
        close(nats(counts, letters, text), -math.log(above / below), say=say, **FLOAT32)


def test_the_mean_is_taken_over_the_pairs(nats):
    """The sum is divided by the number of pairs, one fewer than the characters."""
    counts, letters = torch.tensor([[0, 2], [1, 0]]), ["a", "b"]
    for text in ("ab", "aba", "abab", "abababab"):
        want = _by_loop(counts, letters, text)
        say = f"{text!r} has {len(text) - 1} pairs"
        close(nats(counts, letters, text), want, say=say, **FLOAT32)


def test_the_logarithms_are_averaged(nats):
    """The mean is that of the pairs' -log p; it is not the logarithm of a mean probability."""
    counts, letters = torch.tensor([[97, 0], [0, 0]]), ["a", "b"]
    want = -(math.log(98 / 99) + math.log(1 / 99)) / 2
    say = "aa has 98/99 and ab 1/99: the mean of their -log p"
    close(nats(counts, letters, "aab"), want, say=say, **FLOAT32)


def test_rows_are_first_characters_and_letters_are_in_any_order(nats):
    """Row and column i belong to letters[i], and a row is that of a pair's first character."""
    letters = ["c", "a", " ", "b"]
    counts = torch.tensor([[0, 1, 5, 2], [7, 0, 3, 11], [0, 4, 0, 0], [2, 13, 1, 0]])
    for text in ("ab", "ba", "c ", " c", "abc a b"):
        say = f"{text!r} with the letters {letters}"
        close(nats(counts, letters, text), _by_loop(counts, letters, text), say=say, **FLOAT32)
        # The same numbers, with each column's next to each other in memory.
        got = nats(counts.T.contiguous().T, letters, text)
        close(got, _by_loop(counts, letters, text), say=say, **FLOAT32)


def test_a_pair_counts_each_time_it_occurs(nats):
    """Pairs that come often in the text weigh as much as they come."""
    counts, letters = torch.tensor([[0, 9], [2, 1]]), ["a", "b"]
    text = "ab" * 50 + "aa"
    close(nats(counts, letters, text), _by_loop(counts, letters, text), say=repr(text), **FLOAT32)


def test_large_counts_are_read_exactly(nats):
    """Counts up to 10^12 give probabilities like small ones."""
    counts, letters = torch.tensor([[10**12, 0], [3 * 10**9, 10**9]]), ["a", "b"]
    say = "counts of 3 billion and 1 billion: a after b has 3/4"
    close(nats(counts, letters, "ba"), -math.log(3 / 4), say=say, **FLOAT32)
    say = "a count of 0 beside one of 10^12: b after a has 10^-12"
    close(nats(counts, letters, "ab"), 12 * math.log(10), say=say, **FLOAT32)


def test_the_last_tenth_of_shakespeare_costs_2_46_nats(nats):
    """Counted in the first nine tenths of Shakespeare, the last tenth costs 2.460 per character."""
    plays = shared.read_plays()
    cut = len(plays) * 9 // 10
    letters = sorted(set(plays))
    counts = shared.count_pairs(plays[:cut], letters)
    say = "76 letters, equally probable: chance costs 4.331"
    close(nats(torch.zeros_like(counts), letters, plays[cut:]), math.log(76), say=say, **FLOAT32)
    say = "bigrams counted in plays[:cut], measured on plays[cut:]"
    close(nats(counts, letters, plays[cut:]), 2.45994, atol=1e-5, rtol=1e-4, say=say)


def test_an_unknown_character_is_refused(nats):
    """A text with a character that is not in letters raises ValueError."""
    counts, letters = torch.tensor([[1, 2], [3, 4]]), ["a", "b"]
    for text in ("abc", "cab", "aBa", "a b", "cc"):
        with pytest.raises(ValueError):
            nats(counts, letters, text)
            holds(False, f"{text!r} has a character that is not in {letters}: ValueError")


def test_a_text_without_a_pair_is_refused(nats):
    """A text of one character, or of none, raises ValueError."""
    for text in ("a", ""):
        with pytest.raises(ValueError):
            nats(torch.tensor([[1, 2], [3, 4]]), ["a", "b"], text)
            holds(False, f"{text!r} has no pair, so there is no mean: ValueError")


def test_counts_and_letters_stay_as_they_were(nats):
    """The counts and the letters are not changed, so that a second call gives the same."""
    counts, letters = torch.tensor([[1, 2], [0, 4]]), ["b", "a"]
    nats(counts, letters, "abab")
    equal(counts, torch.tensor([[1, 2], [0, 4]]), say="the counts were changed in place")
    equal(letters, ["b", "a"], say="the letters were changed in place")


def _by_loop(counts, letters, text):
    """Return the mean of -log p over the pairs, one after the other."""
    losses = []
    for first, second in pairwise(text):
        row = [int(count) + 1 for count in counts[letters.index(first)]]
        losses.append(-math.log(row[letters.index(second)] / sum(row)))
    return sum(losses) / len(losses)
