"""The checks of encoding with merges."""

from itertools import pairwise, product

from grader.checks import equal, holds, load_shared

shared = load_shared(__file__)
LOW = [(b"l", b"o"), (b"lo", b"w")]
RUN = [(b"a", b"a"), (b"aa", b"aa")]

KEPT = ["hi\n", "é€", "a\r\nb\r", " a \t\n", "e\u0301\u212b", "\ufeffa\0", "\x85\u2028"]
"""Texts that a program may change by mistake: line ends, blanks, accents, marks."""


def test_the_result_is_a_list_of_numbers(bpe_encode):
    """bpe_encode returns a list of ints, empty for an empty text."""
    got = bpe_encode("slow", LOW)
    holds(type(got) is list, "bpe_encode returns a list", got=got)
    for i in got:
        holds(type(i) is int, "each id is an int", want="a list of ints", got=got)
    equal(bpe_encode("", LOW), [], say="an empty text has no ids")


def test_a_text_worked_by_hand(bpe_encode):
    """With the merges l o and lo w, slowlo becomes s, low, lo: ids 115, 257 and 256."""
    equal(bpe_encode("slowlo", LOW), [115, 257, 256])


def test_without_a_merge_each_byte_is_its_own_id(bpe_encode):
    """A byte that no merge joins keeps its value as id; é is two bytes and so two ids."""
    equal(bpe_encode("hi\n", []), [104, 105, 10])
    equal(bpe_encode("é€", LOW), [0xC3, 0xA9, 0xE2, 0x82, 0xAC])


def test_every_character_is_encoded_and_nothing_is_added(bpe_encode):
    """Line ends, blanks, accents, U+FEFF and NUL are encoded as they are."""
    for text in KEPT:
        equal(bpe_encode(text, LOW), list(text.encode()), say=f"the ids of {text!a}")


def test_merges_join_bytes_also_across_letters(bpe_encode):
    """A merge may join bytes of one character, or bytes of two neighbouring characters."""
    equal(bpe_encode("éé", [(b"\xc3", b"\xa9")]), [256, 256])
    equal(bpe_encode("éé", [(b"\xa9", b"\xc3")]), [0xC3, 256, 0xA9])


def test_the_earlier_merge_comes_first(bpe_encode):
    """Where two merges could use the same token, the one of lower rank does."""
    cases = [
        ("abc", ["b c", "a b"], [97, 256], "b c before a b"),
        ("abc", ["a b", "b c"], [256, 99], "a b before b c"),
        ("abcbc", ["a b", "b c"], [256, 99, 257], "a b before b c, which occurs twice"),
        ("cab", ["c a", "a b"], [256, 98], "c a before a b"),
        ("abc", ["a b", "ab c"], [257], "a b first, and then ab c"),
        ("abc", ["b c", "a bc", "a b"], [257], "b c first, and then a bc"),
        ("shes", ["s h", "h e", "e s"], [256, 258], "s h first, and then e s"),
    ]
    _answer_all(bpe_encode, cases)


def test_the_longest_token_does_not_win(bpe_encode):
    """Merges apply in their order, even if another order would make a longer token."""
    cases = [
        ("abcd", ["a b", "c d", "ab c"], [256, 257], "c d before ab c"),
        ("abdc", ["b c", "a b", "ab d", "abd c"], [259], "after ab d comes abd c"),
        ("abcd", ["b c", "a b", "ab c", "abc d"], [97, 256, 100], "after b c there is no a b"),
    ]
    _answer_all(bpe_encode, cases)


def test_two_tokens_are_joined_by_their_own_pair_only(bpe_encode):
    """Tokens are joined only if they are a merge: a bc stays two tokens, although ab c is one."""
    merges = [(b"b", b"c"), (b"a", b"b"), (b"ab", b"c")]
    equal(bpe_encode("abc", merges), [97, 256], say="(a, bc) is not in the list of merges")


def test_every_occurrence_is_joined_from_the_left(bpe_encode):
    """Every occurrence of a pair is joined, in a run from the left."""
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
    """A merge that the text does not contain changes nothing; later merges keep their ids."""
    merges = [(b"x", b"y"), (b"a", b"b"), (b"xy", b"z"), (b"ab", b"c")]
    equal(bpe_encode("abc", merges), [259])


def test_merges_reach_across_words(bpe_encode):
    """Spaces and line ends are joined like any other byte."""
    merges = [(b"e", b" "), (b"e ", b"t"), (b"\n", b"\n"), (b"t", b"\n\n")]
    equal(bpe_encode("e te\t", merges), [257, 101, 9])
    equal(bpe_encode("a\r\n", [(b"\r", b"\n"), (b"a", b"\r\n")]), [257])
    equal(bpe_encode("e t\n\n", merges), [257, 258])
    equal(bpe_encode("t\n\n", merges), [259])


def test_random_texts_follow_the_definition(bpe_encode, rng):
    """Random texts and merges give the ids of a slow loop that joins the pair of lowest rank."""
    for letters in ["ab", "abc", "ab \n", "aé"] * 10:
        merges = _merges(rng, letters)
        text = "".join(rng.choices(letters, k=rng.randint(3, 31)))
        say = f"the text is {text!r}, the merges are {merges}"
        kept = list(merges)
        equal(bpe_encode(text, merges), _by_definition(text, kept), say=say)
        equal(merges, kept, say="bpe_encode changed the list of merges that it was given")


def test_long_lists_and_long_texts_are_encoded(bpe_encode, rng):
    """A list of 2,000 merges and a text of 1,400 bytes are encoded like short ones."""
    equal(bpe_encode("slowlo\n" * 200, LOW), [115, 257, 256, 10] * 200, say="1,400 bytes")
    letters = [bytes([byte]) for byte in range(65, 65 + 45)]
    merges = rng.sample(list(product(letters, repeat=2)), 2000)
    text = "".join(map(chr, rng.choices(range(65, 65 + 45), k=11)))
    text += (merges[0][0] + merges[-1][0] + merges[-1][1]).decode()
    equal(bpe_encode(text, merges), _by_definition(text, merges), say="2,000 merges")


def test_each_result_is_a_list_of_its_own(bpe_encode, beside):
    """Changing the list that bpe_encode returns does not change a later result."""
    shared.empty_results(beside, bpe_encode, ["low"], [LOW])
    say = "the list that was returned before was emptied; each call returns a new one"
    equal(bpe_encode("low", LOW), [257], say=say)


def _answer_all(bpe_encode, cases):
    """Ask for the ids of every text before the first is compared; merges are in words."""
    cases = [
        (text, [tuple(part.encode() for part in merge.split()) for merge in merges], ids, say)
        for text, merges, ids, say in cases
    ]
    answers = [bpe_encode(text, merges) for text, merges, _, _ in cases]
    for got, (text, merges, ids, say) in zip(answers, cases, strict=True):
        equal(got, ids, say=f"the text is {text!r}, the merges are {merges}: {say}")


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
