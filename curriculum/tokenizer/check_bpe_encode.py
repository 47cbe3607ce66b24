"""What is asked of encoding with the merges of byte-pair encoding."""

from itertools import pairwise

from grader.engine.expect import equal, holds

LOW = [(b"l", b"o"), (b"lo", b"w")]
RUN = [(b"a", b"a"), (b"aa", b"aa")]


def test_the_result_is_a_list_of_numbers(bpe_encode):
    """The ids are a list of ints."""
    got = bpe_encode("slow", LOW)
    holds(type(got) is list, "the ids are a list", got=got)
    for i in got:
        holds(type(i) is int, "each id is an int", want="a list of ints", got=got)
    equal(bpe_encode("", LOW), [], say="an empty text has no ids")


def test_a_text_worked_by_hand(bpe_encode):
    """With the merges l o and lo w, slowlo becomes s, low, lo: ids 115, 257 and 256."""
    equal(bpe_encode("slowlo", LOW), [115, 257, 256])


def test_without_a_merge_each_byte_is_its_own_id(bpe_encode):
    """What no merge joins keeps the values of its bytes, several for a letter beyond ASCII."""
    equal(bpe_encode("hi\n", []), [104, 105, 10])
    equal(bpe_encode("é€", LOW), [0xC3, 0xA9, 0xE2, 0x82, 0xAC])


def test_merges_join_bytes_also_across_letters(bpe_encode):
    """A merge may join the bytes of one letter, or the end of one and the beginning of the next."""
    equal(bpe_encode("éé", [(b"\xc3", b"\xa9")]), [256, 256])
    equal(bpe_encode("éé", [(b"\xa9", b"\xc3")]), [0xC3, 256, 0xA9])


def test_the_earlier_merge_comes_first(bpe_encode):
    """Where two merges could take the same token, the one that stands first in the list does."""
    merges = [(b"b", b"c"), (b"a", b"bc"), (b"a", b"b")]
    equal(bpe_encode("abc", merges), [257], say="b c, and then a bc is there")
    equal(bpe_encode("abc", [(b"b", b"c"), (b"a", b"b")]), [97, 256], say="b c before a b")
    equal(bpe_encode("abc", [(b"a", b"b"), (b"b", b"c")]), [256, 99], say="a b before b c")
    merges = [(b"s", b"h"), (b"h", b"e"), (b"e", b"s")]
    equal(bpe_encode("shes", merges), [256, 258], say="s h, and then e s is there")


def test_the_longest_token_does_not_win(bpe_encode):
    """A token is made by its merges in order, however long another one would be."""
    merges = [(b"b", b"c"), (b"a", b"b"), (b"ab", b"d"), (b"abd", b"c")]
    equal(bpe_encode("abdc", merges), [259])
    merges = [(b"b", b"c"), (b"a", b"b"), (b"ab", b"c"), (b"abc", b"d")]
    say = "b c is merged first, and then there is no a b"
    equal(bpe_encode("abcd", merges), [97, 256, 100], say=say)


def test_two_tokens_are_joined_by_their_own_pair_only(bpe_encode):
    """After b c is merged, a and bc stay apart, though ab and c would make the same bytes."""
    merges = [(b"b", b"c"), (b"a", b"b"), (b"ab", b"c")]
    equal(bpe_encode("abc", merges), [97, 256], say="(a, bc) is no merge")


def test_every_occurrence_is_joined_from_the_left(bpe_encode):
    """All occurrences of a pair are joined, in a run from the left, and merged tokens again."""
    equal(bpe_encode("ab ab ab", [(b"a", b"b")]), [256, 32, 256, 32, 256])
    for length, ids in [
        (2, [256]),
        (3, [256, 97]),
        (4, [257]),
        (5, [257, 97]),
        (7, [257, 256, 97]),
    ]:
        equal(bpe_encode("a" * length, RUN), ids, say=f"a run of {length}")


def test_a_merge_that_finds_nothing_is_passed_over(bpe_encode):
    """Merges that the text has no use for leave their ids unused, and those behind still work."""
    merges = [(b"x", b"y"), (b"a", b"b"), (b"xy", b"z"), (b"ab", b"c")]
    equal(bpe_encode("abc", merges), [259])


def test_merges_reach_across_words(bpe_encode):
    """Spaces and line ends are joined like any other byte."""
    merges = [(b"e", b" "), (b"e ", b"t"), (b"\n", b"\n"), (b"t", b"\n\n")]
    equal(bpe_encode("e te\t", merges), [257, 101, 9])
    equal(bpe_encode("e t\n\n", merges), [257, 258])
    equal(bpe_encode("t\n\n", merges), [259])


def test_random_texts_follow_the_definition(bpe_encode, rng):
    """Fresh texts and merges give the ids that joining the earliest pair again and again gives."""
    for letters in ["ab", "abc", "ab \n", "aé"] * 10:
        merges = _merges(rng, letters)
        text = "".join(rng.choices(letters, k=rng.randint(3, 31)))
        say = f"the text is {text!r}, the merges are {merges}"
        kept = list(merges)
        equal(bpe_encode(text, merges), _by_definition(text, kept), say=say)
        equal(merges, kept, say="the merges that went in have changed")


def _merges(rng, letters):
    """Up to thirteen merges of tokens that there are, no two of which make the same bytes."""
    tokens = [bytes([byte]) for byte in "".join(letters).encode()]
    merges = []
    for _ in range(rng.randint(2, 13)):
        pair = rng.choice(tokens), rng.choice(tokens)
        if pair[0] + pair[1] not in tokens:
            merges.append(pair)
            tokens.append(pair[0] + pair[1])
    return merges


def _by_definition(text, merges):
    """The ids: as long as a pair of neighbours is a merge, the earliest merge joins its first."""
    tokens = [bytes([byte]) for byte in text.encode()]
    while ranks := [merges.index(pair) for pair in pairwise(tokens) if pair in merges]:
        pair = merges[min(ranks)]
        at = list(pairwise(tokens)).index(pair)
        tokens[at : at + 2] = [pair[0] + pair[1]]
    joined = [a + b for a, b in merges]
    return [token[0] if len(token) == 1 else 256 + joined.index(token) for token in tokens]
