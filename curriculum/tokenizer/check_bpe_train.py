"""The checks of training byte-pair encoding."""

import pytest

from grader.checks import equal, holds, load_shared, value

shared = load_shared(__file__)
PRINTABLE = bytes(range(32, 127)).decode()
LETTERS = ["ab", "abc", "a b\n", "é€b"]


def test_the_result_is_a_list_of_pairs_of_bytes(bpe_train):
    """bpe_train returns a list of vocab_size - 256 tuples of two bytes objects."""
    got = bpe_train("the theme of the hat", 256 + 3)
    shared.claim_pairs(got, 3, "bpe_train")


def test_merge_joins_each_occurrence_from_the_left(merge):
    """merge joins every a that is followed by b, from the left, and uses no token twice."""
    equal(merge([b"a", b"b", b"c", b"a", b"b"], (b"a", b"b")), [b"ab", b"c", b"ab"])
    equal(merge([b"b", b"a", b"c"], (b"a", b"b")), [b"b", b"a", b"c"], say="b a is not a b")
    equal(merge([b"lo", b"w", b"lo"], (b"lo", b"w")), [b"low", b"lo"])
    run = [b"a", b"a", b"a"]
    equal(merge(run, (b"a", b"a")), [b"aa", b"a"], say="of aaa the first two are joined")
    equal(merge([], (b"a", b"b")), [])


def test_merge_compares_whole_tokens(merge):
    """Only the token a before the token b is joined, whatever bytes the tokens have."""
    ab = b"a", b"b"
    other = [b"xa", b"b", b"a", b"bx"]
    equal(merge(other, ab), other, say="xa ends with a and is another token")
    tokens = [b"a", b"bc", b"ab", b"c"]
    want = [b"a", b"bc", b"abc"]
    equal(merge(tokens, (b"ab", b"c")), want, say="a bc has the bytes of ab c; its tokens differ")
    single = [bytes([byte]) for byte in range(256)]
    say = "each of the 256 bytes may be a token"
    equal(merge(single, ab), [*single[:97], b"ab", *single[99:]], say=say)


def test_merges_worked_by_hand(bpe_train):
    """In lolowlowlow, l o occurs 4 times, then lo w 3 times, then low low twice."""
    want = [(b"l", b"o"), (b"lo", b"w"), (b"low", b"low")]
    equal(bpe_train("lolowlowlow", 256 + 3), want)


def test_single_bytes_are_counted_whatever_the_text(bpe_train, rng):
    """A text with 95 different bytes gives vocab_size - 256 merges, as any other."""
    text = "lolowlowlowlowlow" + "".join("".join(rng.sample(PRINTABLE, 95)) for _ in range(2))
    got = bpe_train(text, 256 + 2)
    say = "a vocabulary of 258 has 256 single bytes, also those that the text lacks, and 2 merges"
    equal(got, _by_definition(text, 256 + 2), say=say)


def test_counts_are_taken_anew_after_each_merge(bpe_train):
    """Pairs are counted again after each merge: in sherheshe, s h disappears when h e is merged."""
    say = "after h e is merged the tokens are s he r he s he; count the pairs of these"
    equal(bpe_train("sherheshe", 256 + 2), [(b"h", b"e"), (b"s", b"he")], say=say)


def test_the_greatest_pair_wins_a_tie(bpe_train):
    """Of equally frequent pairs the greatest is merged, as Python compares tuples of bytes."""
    for text, want in [
        ("abcd", [(b"c", b"d")]),
        ("zazb", [(b"z", b"b")]),
        ("abazab", [(b"a", b"b"), (b"z", b"ab"), (b"ab", b"a")]),
        ("ccaaaaca", [(b"a", b"a"), (b"c", b"c"), (b"cc", b"aa")]),
    ]:
        equal(bpe_train(text, 256 + len(want)), want, say=f"ties in {text!r}")


def test_a_run_counts_every_pair_of_neighbours(bpe_train):
    """In a run every position counts: aaaaa contains a a four times, more often than b c."""
    say = "aaaaa has four positions with a there and a next, more than the three of b c"
    equal(bpe_train("aaaaabcxbcybc", 256 + 1), [(b"a", b"a")], say=say)


def test_every_byte_of_the_text_takes_part(bpe_train):
    """Every byte is a token at first: characters beyond ASCII are several, and spaces count."""
    equal(bpe_train("ééé", 256 + 2), [(b"\xc3", b"\xa9"), (b"\xc3\xa9", b"\xc3\xa9")])
    for text, blank in [("y y y", b" "), ("y\ny\ny", b"\n"), ("y\ty\ty", b"\t")]:
        say = f"in {text!r} the pairs reach across words"
        equal(bpe_train(text, 256 + 1), [(b"y", blank)], say=say)


def test_the_ends_of_the_text_take_part(bpe_train):
    """White space at the beginning and at the end of the text is not removed."""
    equal(bpe_train(" a\n", 1000), [(b"a", b"\n"), (b" ", b"a\n")], say="the text ' a\\n'")
    equal(bpe_train("\r\n", 1000), [(b"\r", b"\n")], say=r"the text '\r\n'")


def test_training_ends_when_one_token_is_left(bpe_train):
    """Pairs that occur once are merged too, until one token is left."""
    equal(bpe_train("ab", 1000), [(b"a", b"b")], say="a pair that occurs once is merged too")
    equal(bpe_train("abab", 1000), [(b"a", b"b"), (b"ab", b"ab")])
    for text in ("", "a"):
        equal(bpe_train(text, 1000), [], say=f"{text!r} has no pair to merge")


def test_random_texts_follow_the_definition(bpe_train, rng):
    """Random texts give the merges of a slow loop that follows the definition."""
    for letters in LETTERS * 3:
        text = "".join(rng.choices(letters, k=rng.randint(5, 31)))
        size = 256 + rng.randint(3, 11)
        equal(bpe_train(text, size), _by_definition(text, size), say=f"the text is {text!r}")


def test_merge_leaves_its_list_alone(merge):
    """merge returns a new list and does not change its argument."""
    tokens = [b"a", b"b", b"a", b"b"]
    merge(tokens, (b"a", b"b"))
    equal(tokens, [b"a", b"b", b"a", b"b"], say="merge changed the list that it was given")


def test_merge_returns_a_list_of_its_own(merge, live, beside):
    """Changing the list that merge returns does not change the tokens, nor a later result."""
    for tokens in ([b"b", b"a"], [b"a", b"b"], []):
        kept, ab = live(list(tokens)), (b"a", b"b")
        shared.empty_results(beside, merge, [kept], [ab])
        equal(value(kept), tokens, say="the returned list was emptied, and with it the tokens")
        want = [b"ab"] if tokens == [*ab] else tokens
        equal(merge(kept, ab), want, say="the list returned before was emptied")


def test_each_result_is_a_list_of_its_own(bpe_train, beside):
    """Changing the list that bpe_train returns does not change a later result."""
    shared.empty_results(beside, bpe_train, ["lolo"], [256 + 1])
    say = "the list returned before was emptied; each call returns a new one"
    equal(bpe_train("lolo", 256 + 1), [(b"l", b"o")], say=say)


def test_a_vocabulary_below_256_is_refused(bpe_train):
    """A vocab_size below 256 raises ValueError for any text; with 256 there are no merges."""
    equal(bpe_train("abab", 256), [])
    for text in ("abab", "a", ""):
        for size in (255, 0, -1):
            with pytest.raises(ValueError):
                bpe_train(text, size)
                holds(False, f"{size} is below 256, so {text!r} raises ValueError too")


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
