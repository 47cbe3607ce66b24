"""What is asked of training byte-pair encoding."""

import pytest

from grader.engine.expect import equal, holds

LETTERS = ["ab", "abc", "a b\n", "é€b"]


def test_the_result_is_a_list_of_pairs_of_bytes(bpe_train):
    """The merges are a list of tuples of two byte strings, vocab_size - 256 of them."""
    got = bpe_train("the theme of the hat", 256 + 3)
    holds(type(got) is list, "the merges are a list", got=got)
    for pair in got:
        holds(type(pair) is tuple and len(pair) == 2, "each merge is a tuple of two", got=pair)
        for part in pair:
            name = type(part).__name__
            says = f"a part of a pair is of type {name}; tokens are bytes, as b'th' is"
            holds(type(part) is bytes, says, want="a pair of bytes", got=pair)
    equal(len(got), 3, say="a vocabulary of 259 has 256 single bytes and 3 merges")


def test_merge_joins_each_occurrence_from_the_left(merge):
    """Every a followed by b becomes ab, from the left, and no token is used twice."""
    equal(merge([b"a", b"b", b"c", b"a", b"b"], (b"a", b"b")), [b"ab", b"c", b"ab"])
    equal(merge([b"b", b"a", b"c"], (b"a", b"b")), [b"b", b"a", b"c"], say="b a is not a b")
    equal(merge([b"lo", b"w", b"lo"], (b"lo", b"w")), [b"low", b"lo"])
    run = [b"a", b"a", b"a"]
    equal(merge(run, (b"a", b"a")), [b"aa", b"a"], say="of aaa the first two are joined")
    equal(merge([], (b"a", b"b")), [])


def test_merges_worked_by_hand(bpe_train):
    """In lolowlowlow, lo occurs 4 times, then lo w 3 times, then low low twice."""
    want = [(b"l", b"o"), (b"lo", b"w"), (b"low", b"low")]
    equal(bpe_train("lolowlowlow", 256 + 3), want)


def test_counts_are_taken_anew_after_each_merge(bpe_train):
    """In sherheshe, s h occurs twice at first, but never once h e has been merged."""
    say = "after h e is merged the text reads s he r he s he: count that"
    equal(bpe_train("sherheshe", 256 + 2), [(b"h", b"e"), (b"s", b"he")], say=say)


def test_the_greatest_pair_wins_a_tie(bpe_train):
    """Among equally frequent pairs the greatest is merged, as Python compares tuples of bytes."""
    for text, want in [
        ("abcd", [(b"c", b"d")]),
        ("zazb", [(b"z", b"b")]),
        ("abazab", [(b"a", b"b"), (b"z", b"ab"), (b"ab", b"a")]),
    ]:
        equal(bpe_train(text, 256 + len(want)), want, say=f"ties in {text!r}")


def test_a_run_counts_every_pair_of_neighbours(bpe_train):
    """A run of five a holds the pair a a four times, more often than b c with three."""
    say = "aaaaa has four positions with an a there and an a next"
    equal(bpe_train("aaaaabcxbcybc", 256 + 1), [(b"a", b"a")], say=say)


def test_every_byte_of_the_text_takes_part(bpe_train):
    """Letters beyond ASCII are several tokens at first; spaces and line ends are tokens too."""
    equal(bpe_train("ééé", 256 + 2), [(b"\xc3", b"\xa9"), (b"\xc3\xa9", b"\xc3\xa9")])
    for text, blank in [("y y y", b" "), ("y\ny\ny", b"\n"), ("y\ty\ty", b"\t")]:
        say = f"in {text!r} the pairs reach across words"
        equal(bpe_train(text, 256 + 1), [(b"y", blank)], say=say)


def test_training_ends_when_one_token_is_left(bpe_train):
    """Pairs that occur once are merged too, until nothing is left to merge."""
    equal(bpe_train("ab", 1000), [(b"a", b"b")], say="a pair that occurs once is merged as well")
    equal(bpe_train("abab", 1000), [(b"a", b"b"), (b"ab", b"ab")])
    for text in ("", "a"):
        equal(bpe_train(text, 1000), [], say=f"{text!r} has no pair to merge")


def test_random_texts_follow_the_definition(bpe_train, rng):
    """Fresh texts give the merges of a slow trainer that does nothing but the definition."""
    for letters in LETTERS * 3:
        text = "".join(rng.choices(letters, k=rng.randint(5, 31)))
        size = 256 + rng.randint(3, 11)
        equal(bpe_train(text, size), _by_definition(text, size), say=f"the text is {text!r}")


def test_merge_leaves_its_list_alone(merge):
    """Merge gives a new list, and the one that went in stays as it was."""
    tokens = [b"a", b"b", b"a", b"b"]
    merge(tokens, (b"a", b"b"))
    equal(tokens, [b"a", b"b", b"a", b"b"], say="the list that went in has changed")


def test_a_vocabulary_below_256_is_refused(bpe_train):
    """A vocab_size of 255 raises ValueError; one of 256 leaves no room for a merge."""
    equal(bpe_train("abab", 256), [])
    with pytest.raises(ValueError):
        bpe_train("abab", 255)


def _by_definition(text, size):
    """The merges, with each count taken by walking over the text."""
    tokens = [bytes([byte]) for byte in text.encode()]
    merges = []
    while len(merges) < size - 256 and len(tokens) > 1:
        pairs = [(tokens[i], tokens[i + 1]) for i in range(len(tokens) - 1)]
        most = max(pairs.count(pair) for pair in pairs)
        merges.append(max(pair for pair in pairs if pairs.count(pair) == most))
        tokens = _joined(tokens, merges[-1])
    return merges


def _joined(tokens, pair):
    """The tokens with the pair joined, from the left."""
    if len(tokens) < 2:
        return tokens
    if (tokens[0], tokens[1]) == pair:
        return [tokens[0] + tokens[1], *_joined(tokens[2:], pair)]
    return [tokens[0], *_joined(tokens[1:], pair)]
