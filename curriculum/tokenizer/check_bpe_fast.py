"""What is asked of training byte-pair encoding in seconds."""

from collections import Counter
from itertools import pairwise

import pytest

from grader.engine.expect import equal, holds

LETTERS = ["ab", "abc", "aab \n", "aé€", "etaoin shr"]


def test_the_result_is_a_list_of_pairs_of_bytes(bpe_fast):
    """The merges are a list of tuples of two byte strings, vocab_size - 256 of them."""
    got = bpe_fast("the theme of the hat", 256 + 3)
    holds(type(got) is list, "the merges are a list", got=got)
    for pair in got:
        holds(type(pair) is tuple and len(pair) == 2, "each merge is a tuple of two", got=pair)
        for part in pair:
            name = type(part).__name__
            says = f"a part of a pair is of type {name}; tokens are bytes, as b'th' is"
            holds(type(part) is bytes, says, want="a pair of bytes", got=pair)
    equal(len(got), 3, say="a vocabulary of 259 has 256 single bytes and 3 merges")


def test_merges_worked_by_hand(bpe_fast):
    """In lolowlowlow, lo occurs 4 times, then lo w 3 times, then low low twice."""
    want = [(b"l", b"o"), (b"lo", b"w"), (b"low", b"low")]
    equal(bpe_fast("lolowlowlow", 256 + 3), want)


def test_both_neighbours_of_a_merge_are_counted_anew(bpe_fast):
    """A merge takes pairs away and makes new ones, on its left and on its right."""
    for text, say, want in [
        ("sherheshe", "after h e the pair s h is gone", [(b"h", b"e"), (b"s", b"he")]),
        (
            "xabyxabzxabwxacvabuab",
            "after a b one x a is left of four",
            [(b"a", b"b"), (b"x", b"ab")],
        ),
        ("abcxabcyab", "after a b the pair b c is gone", [(b"a", b"b"), (b"ab", b"c")]),
        ("ababcabab", "after a b its places stand side by side", [(b"a", b"b"), (b"ab", b"ab")]),
    ]:
        equal(bpe_fast(text, 256 + len(want)), want, say=f"{say} in {text!r}")


def test_a_run_is_counted_and_merged_as_in_bpe_train(bpe_fast):
    """Runs of every length up to 40 give the merges of the slow trainer."""
    for length in range(41):
        for text in ("a" * length, "a" * length + "b" + "a" * (length // 2)):
            equal(bpe_fast(text, 256 + 11), _slowly(text, 256 + 11), say=f"{text!r}")


def test_the_greatest_pair_wins_a_tie(bpe_fast):
    """Among equally frequent pairs the greatest is merged, as Python compares tuples of bytes."""
    for text, want in [
        ("abcd", [(b"c", b"d")]),
        ("zazb", [(b"z", b"b")]),
        ("a~é", [(b"\xc3", b"\xa9")]),
        ("abazab", [(b"a", b"b"), (b"z", b"ab"), (b"ab", b"a")]),
        ("a\x001a\x002a3", [(b"a", b"\x00"), (b"a\x00", b"2")]),
        # b'lowlow' goes on where b'lo' ends, so it is the greater of the two left tokens.
        ("lolowlowlow", [(b"l", b"o"), (b"lo", b"w"), (b"low", b"low"), (b"lowlow", b"low")]),
    ]:
        equal(bpe_fast(text, 256 + len(want)), want, say=f"ties in {text!r}")


def test_every_byte_of_the_text_takes_part(bpe_fast):
    """Letters beyond ASCII are several tokens at first; spaces and line ends are tokens too."""
    equal(bpe_fast("ééé", 256 + 2), [(b"\xc3", b"\xa9"), (b"\xc3\xa9", b"\xc3\xa9")])
    for text, blank in [("y y y", b" "), ("y\ny\ny", b"\n"), ("y\ty\ty", b"\t")]:
        say = f"in {text!r} the pairs reach across words"
        equal(bpe_fast(text, 256 + 1), [(b"y", blank)], say=say)


def test_training_ends_when_one_token_is_left(bpe_fast):
    """Pairs that occur once are merged too, until nothing is left to merge."""
    equal(bpe_fast("ab", 1000), [(b"a", b"b")], say="a pair that occurs once is merged as well")
    equal(bpe_fast("abab", 1000), [(b"a", b"b"), (b"ab", b"ab")])
    for text in ("", "a"):
        equal(bpe_fast(text, 1000), [], say=f"{text!r} has no pair to merge")


def test_random_texts_give_the_merges_of_bpe_train(bpe_fast, rng):
    """Fresh texts, short ones and one of 1,000 letters, give the merges of the slow trainer."""
    for letters in LETTERS * 5:
        text = "".join(rng.choices(letters, k=rng.randint(5, 61)))
        size = 256 + rng.randint(3, 31)
        equal(bpe_fast(text, size), _slowly(text, size), say=f"the text is {text!r}")
    text = _words(rng, 1000)
    say = "merges of a text of 1,000 letters"
    equal(bpe_fast(text, 256 + 101), _slowly(text, 256 + 101), say=say)


def test_a_vocabulary_below_256_is_refused(bpe_fast):
    """A vocab_size of 255 raises ValueError; one of 256 leaves no room for a merge."""
    equal(bpe_fast("abab", 256), [])
    with pytest.raises(ValueError):
        bpe_fast("abab", 255)


def test_a_longer_text_takes_at_most_three_times_the_references_time(pace, rng):
    """A fresh text of 8,000 letters is trained on for 150 merges, beside the reference."""
    ratio = pace("bpe_fast", _words(rng, 8000), 256 + 150)
    says = f"it takes {ratio:.1f} times as long as the reference, and may take 3 times as long"
    holds(ratio <= 3, says)


def _words(rng, length):
    """A text of words from a small vocabulary, the first ones more often than the last."""
    words = ["".join(rng.choices("etaoin", k=rng.randint(2, 9))) for _ in range(100)]
    often = [1 / (place + 3) for place in range(100)]
    return " ".join(rng.choices(words, often, k=length // 2))[:length]


def _slowly(text, size):
    """The merges, with the whole text counted for each."""
    tokens, merges = [bytes([byte]) for byte in text.encode()], []
    while len(merges) < size - 256 and len(tokens) > 1:
        counts = Counter(pairwise(tokens))
        merges.append(max(counts, key=lambda pair: (counts[pair], pair)))
        joined = []
        for token in tokens:
            if joined and (joined[-1], token) == merges[-1]:
                joined[-1] += token
            else:
                joined.append(token)
        tokens = joined
    return merges
