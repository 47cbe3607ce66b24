"""The checks of fast training of byte-pair encoding."""

from collections import Counter
from itertools import pairwise

import pytest

from grader.checks import equal, holds, load_shared

shared = load_shared(__file__)
PRINTABLE = bytes(range(32, 127)).decode()
LETTERS = ["ab", "abc", "aab \n", "aé€", "etaoin shr"]


def test_the_result_is_a_list_of_pairs_of_bytes(bpe_fast):
    """bpe_fast returns a list of vocab_size - 256 tuples of two bytes objects."""
    got = bpe_fast("the theme of the hat", 256 + 3)
    shared.claim_pairs(got, 3, "bpe_fast")


def test_merges_worked_by_hand(bpe_fast):
    """In lolowlowlow, l o occurs 4 times, then lo w 3 times, then low low twice."""
    want = [(b"l", b"o"), (b"lo", b"w"), (b"low", b"low")]
    equal(bpe_fast("lolowlowlow", 256 + 3), want)


def test_both_neighbours_of_a_merge_are_counted_anew(bpe_fast):
    """A merge removes and adds pairs on its left and on its right; the counts follow."""
    for text, say, want in [
        ("sherheshe", "after h e the pair s h is gone", [(b"h", b"e"), (b"s", b"he")]),
        (
            "xabyxabzxabwxacvabuab",
            "after a b only one of four x a is left",
            [(b"a", b"b"), (b"x", b"ab")],
        ),
        ("abcxabcyab", "after a b the pair b c is gone", [(b"a", b"b"), (b"ab", b"c")]),
        ("ababcabab", "after a b two places are side by side", [(b"a", b"b"), (b"ab", b"ab")]),
        (
            "abab1ab2ab3ab4ba5ba6ba7xy8xy",
            "after a b three b a are left, for the one between two places is gone once",
            [(b"a", b"b"), (b"b", b"a")],
        ),
    ]:
        equal(bpe_fast(text, 256 + len(want)), want, say=f"{say} in {text!r}")


def test_a_run_is_counted_and_merged_as_in_bpe_train(bpe_fast):
    """Runs of every length up to 40 give the merges of bpe_train."""
    for length in range(41):
        for text in ("a" * length, "a" * length + "b" + "a" * (length // 2)):
            equal(bpe_fast(text, 256 + 11), _slowly(text, 256 + 11), say=f"{text!r}")


def test_the_greatest_pair_wins_a_tie(bpe_fast):
    """Of equally frequent pairs the greatest is merged, as Python compares tuples of bytes."""
    for text, want in [
        ("abcd", [(b"c", b"d")]),
        ("zazb", [(b"z", b"b")]),
        ("a~é", [(b"\xc3", b"\xa9")]),
        ("abazab", [(b"a", b"b"), (b"z", b"ab"), (b"ab", b"a")]),
        ("a\x001a\x002a3", [(b"a", b"\x00"), (b"a\x00", b"2")]),
        ("ccaaaaca", [(b"a", b"a"), (b"c", b"c"), (b"cc", b"aa")]),
        # b'lo' is the beginning of b'lowlow', so b'lowlow' is the greater left token.
        ("lolowlowlow", [(b"l", b"o"), (b"lo", b"w"), (b"low", b"low"), (b"lowlow", b"low")]),
    ]:
        equal(bpe_fast(text, 256 + len(want)), want, say=f"ties in {text!r}")


def test_single_bytes_are_counted_whatever_the_text(bpe_fast, rng):
    """A text with 95 different bytes gives vocab_size - 256 merges, as any other."""
    text = "lolowlowlowlowlow" + "".join("".join(rng.sample(PRINTABLE, 95)) for _ in range(2))
    say = "a vocabulary of 258 has 256 single bytes, also those that the text lacks, and 2 merges"
    equal(bpe_fast(text, 256 + 2), _slowly(text, 256 + 2), say=say)


def test_every_byte_of_the_text_takes_part(bpe_fast):
    """Every byte is a token at first: characters beyond ASCII are several, and spaces count."""
    equal(bpe_fast("ééé", 256 + 2), [(b"\xc3", b"\xa9"), (b"\xc3\xa9", b"\xc3\xa9")])
    for text, blank in [("y y y", b" "), ("y\ny\ny", b"\n"), ("y\ty\ty", b"\t")]:
        say = f"in {text!r} the pairs reach across words"
        equal(bpe_fast(text, 256 + 1), [(b"y", blank)], say=say)


def test_training_ends_when_one_token_is_left(bpe_fast):
    """Pairs that occur once are merged too, until one token is left."""
    equal(bpe_fast("ab", 1000), [(b"a", b"b")], say="a pair that occurs once is merged too")
    equal(bpe_fast("abab", 1000), [(b"a", b"b"), (b"ab", b"ab")])
    for text in ("", "a"):
        equal(bpe_fast(text, 1000), [], say=f"{text!r} has no pair to merge")


def test_random_texts_give_the_merges_of_bpe_train(bpe_fast, rng):
    """Random texts, short ones and one of 1,000 characters, give the merges of bpe_train."""
    for letters in LETTERS * 5:
        text = "".join(rng.choices(letters, k=rng.randint(5, 61)))
        size = 256 + rng.randint(3, 31)
        equal(bpe_fast(text, size), _slowly(text, size), say=f"the text is {text!r}")
    text = _words(rng, 1000)
    say = "merges of a text of 1,000 characters"
    equal(bpe_fast(text, 256 + 101), _slowly(text, 256 + 101), say=say)


def test_each_result_is_a_list_of_its_own(bpe_fast, beside):
    """Changing the list that bpe_fast returns does not change a later result."""
    shared.empty_results(beside, bpe_fast, ["lolo"], [256 + 1])
    say = "the list returned before was emptied; each call returns a new one"
    equal(bpe_fast("lolo", 256 + 1), [(b"l", b"o")], say=say)


def test_a_vocabulary_below_256_is_refused(bpe_fast):
    """A vocab_size below 256 raises ValueError for any text; with 256 there are no merges."""
    equal(bpe_fast("abab", 256), [])
    for text in ("abab", "a", ""):
        for size in (255, 0, -1):
            with pytest.raises(ValueError):
                bpe_fast(text, size)
                holds(False, f"{size} is below 256, so {text!r} raises ValueError too")


def test_the_largest_vocabulary_has_room_for_its_merges(bpe_fast, reference, rng):
    """With a vocabulary of 2,048 a text of 1,000 random characters is merged to one token."""
    text = "".join(rng.choices(bytes(range(128)).decode(), k=1000))
    want = reference("bpe_fast")(text, 2048)
    equal(bpe_fast(text, 2048), want, say=f"{len(want)} merges fit into a vocabulary of 2,048")


def test_a_longer_text_takes_at_most_three_times_the_references_time(
    bpe_fast, reference, pace, rng
):
    """On 8,000 characters with 150 merges it takes at most 3 times the reference's time."""
    ratio = pace(bpe_fast, reference("bpe_fast"), lambda: (_words(rng, 8000), 256 + 150))
    says = "a call takes at most 3 times as long as the reference's, measured alternately"
    holds(ratio <= 3, says, want="at most 3 times", got=f"{ratio:.1f} times")


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
