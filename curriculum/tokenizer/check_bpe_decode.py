"""What is asked of decoding byte-pair tokens."""

import pytest

from grader.engine.expect import equal, holds

LOW = [(b"l", b"o"), (b"lo", b"w")]
EURO = [(b"\x82", b"\xac"), (b"a", b"\xe2")]
END = {"<|endoftext|>": 50256}


def test_the_result_is_a_text(bpe_decode):
    """Decoding gives a str, and no ids give an empty one."""
    got = bpe_decode([115], LOW)
    holds(type(got) is str, "decoding gives a text", want="'s'", got=got)
    equal(bpe_decode([], LOW), "", say="no ids are an empty text")


def test_ids_worked_by_hand(bpe_decode):
    """With the merges l o and lo w, the ids 115, 257, 10 and 256 are s, low, a line end and lo."""
    equal(bpe_decode([115, 257, 10, 256], LOW), "slow\nlo")


def test_single_bytes_need_no_merges(bpe_decode):
    """Ids below 256 are bytes, and several of them may be one character."""
    equal(bpe_decode([104, 105, 0, 127], []), "hi\x00\x7f")
    equal(bpe_decode([0xC3, 0xA9, 0xE2, 0x82, 0xAC], []), "é€")


def test_a_character_may_be_spelled_by_several_tokens(bpe_decode):
    """The bytes of all tokens are joined before they are read as UTF-8."""
    say = "256 is the end of the euro sign, 257 a letter and its beginning"
    equal(bpe_decode([0xE2, 256, 257, 256], EURO), "€a€", say=say)


def test_broken_characters_become_replacement_characters(bpe_decode):
    """What is no UTF-8 becomes U+FFFD, as bytes.decode with errors="replace" has it."""
    for ids, want in [
        ([0xC3], "\ufffd"),
        ([0xC3, 97], "\ufffda"),
        ([257, 0x82], "a\ufffd"),
        ([256, 97], "\ufffd\ufffda"),
        ([0x80, 98, 0xFF], "\ufffdb\ufffd"),
    ]:
        equal(bpe_decode(ids, EURO), want, say=f"the ids {ids}")


def test_special_tokens_have_their_own_text(bpe_decode):
    """An id of a special token gives its text, wherever it stands, also beyond a gap."""
    equal(bpe_decode([257, 50256, 115], LOW, END), "low<|endoftext|>s")
    several = {"<s>": 258, "</s>": 259, "<é€>": 300}
    equal(bpe_decode([258, 257, 259, 300], LOW, several), "<s>low</s><é€>")
    equal(bpe_decode([257], LOW, {}), "low", say="special may be empty")


def test_a_special_token_repairs_no_broken_character(bpe_decode):
    """Bytes before a special token that make no character become U+FFFD, and its text stands."""
    equal(bpe_decode([0xE2, 0x82, 50256, 0xAC], [], END), "\ufffd<|endoftext|>\ufffd")


def test_ids_outside_the_vocabulary_are_refused(bpe_decode):
    """An id that is no byte, no merge and no special token raises ValueError."""
    for wrong in (258, 50255, 50257, -1):
        with pytest.raises(ValueError):
            bpe_decode([97, wrong], LOW, END)
            holds(False, f"{wrong} is the id of no token")
    with pytest.raises(ValueError):
        bpe_decode([50256], LOW)
        holds(False, "50256 is the id of no token where no special token is given")


def test_every_text_comes_back(bpe_decode, rng):
    """Fresh texts, cut into tokens at random places, come back as they were."""
    for _ in range(50):
        text = "".join(rng.choices("ab é€😀\n\u0301", k=rng.randint(1, 17)))
        ids, merges = _cut(text.encode(), rng)
        say = f"the text is {text!r}, the merges are {merges}"
        equal(bpe_decode(ids, merges), text, say=say)


def test_random_bytes_follow_python(bpe_decode, rng):
    """Fresh rows of bytes, most of them no UTF-8, are read as bytes.decode reads them."""
    common = b"a\x80\x82\xac\xa9\xc3\xe2\xf0\x9f\xff"
    for _ in range(50):
        row = bytes(rng.choices(common, k=rng.randint(1, 11)))
        ids, merges = _cut(row, rng)
        want = row.decode("utf-8", errors="replace")
        equal(bpe_decode(ids, merges), want, say=f"the bytes are {row}, the merges are {merges}")


def test_the_arguments_stay_as_they_were(bpe_decode):
    """Decoding leaves ids, merges and special as they were."""
    ids, merges, special = [115, 257, 50256], list(LOW), dict(END)
    bpe_decode(ids, merges, special)
    equal(ids, [115, 257, 50256], say="the ids that went in have changed")
    equal(merges, LOW, say="the merges that went in have changed")
    equal(special, END, say="the special tokens that went in have changed")


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
