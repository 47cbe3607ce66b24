"""The checks of decoding tokens."""

import pytest

from grader.checks import equal, holds

LOW = [(b"l", b"o"), (b"lo", b"w")]
EURO = [(b"\x82", b"\xac"), (b"a", b"\xe2")]
END = {"<|endoftext|>": 50256}

KEPT = ["\ufeffa", "a\ufeff", "a\r\nb\r", "e\u0301\u212b", " a \n", "a\0b"]
"""What other decoders drop or change: byte order marks, line ends, accents, blanks, NUL."""


def test_the_result_is_a_text(bpe_decode):
    """bpe_decode returns a str, empty for an empty list."""
    got = bpe_decode([115], LOW)
    holds(type(got) is str, "bpe_decode returns a str", want="'s'", got=got)
    equal(bpe_decode([], LOW), "", say="an empty list is an empty text")


def test_ids_worked_by_hand(bpe_decode):
    """With the merges l o and lo w, the ids 115, 257, 10, 256 are s, low, a line end, lo."""
    equal(bpe_decode([108, 256], LOW), "llo")
    equal(bpe_decode([115, 257, 10, 256], LOW), "slow\nlo")


def test_single_bytes_need_no_merges(bpe_decode):
    """Ids below 256 are single bytes; several together can be one character."""
    equal(bpe_decode([104, 105, 0, 127], []), "hi\x00\x7f")
    equal(bpe_decode([0xC3, 0xA9, 0xE2, 0x82, 0xAC], []), "é€")


def test_a_character_may_be_spelled_by_several_tokens(bpe_decode):
    """The bytes of all tokens are joined before they are decoded as UTF-8."""
    say = "256 is the end of a euro sign, 257 is a letter and the beginning of one"
    equal(bpe_decode([0xE2, 256, 257, 256], EURO), "€a€", say=say)


def test_broken_characters_become_replacement_characters(bpe_decode):
    """Invalid UTF-8 becomes U+FFFD, as in bytes.decode(errors="replace")."""
    cases = [
        ([0xC3], "\ufffd"),
        ([0xC3, 97], "\ufffda"),
        ([257, 0x82], "a\ufffd"),
        ([256, 97], "\ufffd\ufffda"),
        ([0x80, 98, 0xFF], "\ufffdb\ufffd"),
    ]
    answers = [bpe_decode(ids, EURO) for ids, _ in cases]
    for got, (ids, want) in zip(answers, cases, strict=True):
        equal(got, want, say=f"the ids {ids}")


def test_every_character_is_decoded_and_none_is_changed(bpe_decode):
    """U+FEFF, line ends, accents, blanks and NUL are decoded as they are."""
    for text in KEPT:
        equal(bpe_decode(list(text.encode()), LOW), text, say=f"the bytes of {text!a}")


def test_special_tokens_have_their_own_text(bpe_decode):
    """The id of a special token becomes its text, also if there is a gap between the ids."""
    equal(bpe_decode([257], LOW, {}), "low", say="special may be empty")
    equal(bpe_decode([258, 257, 259], LOW, {"<s>": 258, "</s>": 259}), "<s>low</s>")
    equal(bpe_decode([258, 257, 259], LOW, {"</s>": 259, "<s>": 258}), "<s>low</s>")
    equal(bpe_decode([257, 50256, 115], LOW, END), "low<|endoftext|>s")
    equal(bpe_decode([300, 258], LOW, {"<é€>": 300, "</s>": 259, "\ufeff": 258}), "<é€>\ufeff")


def test_a_special_token_repairs_no_broken_character(bpe_decode):
    """Invalid bytes beside a special token become U+FFFD, and its text is unchanged."""
    equal(bpe_decode([0xE2, 0x82, 50256, 0xAC], [], END), "\ufffd<|endoftext|>\ufffd")


def test_ids_outside_the_vocabulary_are_refused(bpe_decode):
    """An id that is not a byte, a merge or a special token raises ValueError."""
    for wrong in (258, 50255, 50257, -1):
        with pytest.raises(ValueError):
            bpe_decode([97, wrong], LOW, END)
    with pytest.raises(ValueError):
        bpe_decode([50256], LOW)
    with pytest.raises(ValueError):
        bpe_decode([256], [])


def test_every_text_comes_back(bpe_decode, rng):
    """Random texts, cut into tokens at random places, are decoded to the same text."""
    for _ in range(50):
        text = "".join(rng.choices("ab é€😀\n\u0301", k=rng.randint(1, 17)))
        ids, merges = _cut(text.encode(), rng)
        say = f"the text is {text!r}, the merges are {merges}"
        equal(bpe_decode(ids, merges), text, say=say)


def test_random_bytes_follow_python(bpe_decode, rng):
    """Random bytes, most of them invalid UTF-8, are decoded as by bytes.decode."""
    common = b"a\x80\x82\xac\xa9\xc3\xe2\xf0\x9f\xff"
    for _ in range(50):
        row = bytes(rng.choices(common, k=rng.randint(1, 11)))
        ids, merges = _cut(row, rng)
        want = row.decode("utf-8", errors="replace")
        equal(bpe_decode(ids, merges), want, say=f"the bytes are {row}, the merges are {merges}")


def test_the_arguments_stay_as_they_were(bpe_decode):
    """bpe_decode does not change its arguments."""
    ids, merges, special = [115, 257, 50256], list(LOW), dict(END)
    bpe_decode(ids, merges, special)
    equal(ids, [115, 257, 50256], say="bpe_decode changed its argument ids")
    equal(merges, LOW, say="bpe_decode changed its argument merges")
    equal(special, END, say="bpe_decode changed its argument special")


def _cut(row, rng):
    """The bytes as ids of tokens of one to three bytes, and the merges that make them."""
    ids, merges = [], []
    while row:
        size = min(rng.randint(1, 3), len(row))
        token, row = row[:size], row[size:]
        for end in range(2, size + 1):
            pair = token[: end - 1], token[end - 1 : end]
            if pair not in merges:
                merges.append(pair)
        ids.append(token[0] if size == 1 else 256 + merges.index((token[:-1], token[-1:])))
    return ids, merges
