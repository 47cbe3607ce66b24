"""The checks of GPT-2's tokenizer."""

import base64
from itertools import pairwise
from pathlib import Path

import pytest

from grader.checks import equal, formed, holds, load_shared

shared = load_shared(__file__)
FILE = Path(__file__).parents[1] / "data" / "gpt2.tiktoken"
BYTES = {bytes([byte]): (byte + 37) % 256 for byte in range(256)}
"""A rank for each single byte, which is not its value."""
END = {"<|endoftext|>": 50256}
LETTERS = ["ab ", "abc' \n", "é€😀 ", "the hat "]
KNOWN = {
    "": [],
    "Hello, world!": [15496, 11, 995, 0],
    'Half of all people couldn\'t spell "antidisestablishmentarianism" in 1984.': [
        *(31305, 286, 477, 661, 3521, 470, 4822, 366, 415, 29207, 44390, 3699, 1042, 1),
        *(287, 12844, 13),
    ],
    "for i in range(10):\n        total += weights[i]  # sum\n": [
        *(1640, 1312, 287, 2837, 7, 940, 2599, 198, 220, 220, 220, 220, 220, 220, 220),
        *(2472, 15853, 19590, 58, 72, 60, 220, 1303, 2160, 198),
    ],
    "naïve café, Москва": [
        *(2616, 38776, 40304, 11, 12466, 250, 15166, 21727, 31583, 38857, 16142),
    ],
    "今日は良い天気です。": [
        *(20015, 232, 33768, 98, 31676, 164, 231, 107, 18566, 25465, 36365, 245, 30640),
        *(33623, 16764),
    ],
    "👍🏽 ok 🤖🚀": [41840, 235, 8582, 237, 121, 12876, 12520, 97, 244, 8582, 248, 222],
    "    \n\n\t  x": [220, 220, 220, 220, 628, 197, 220, 2124],
    "one<|endoftext|> two": [505, 50256, 734],
}
"""Texts and the ids that GPT-2 was trained on."""


def test_a_vocabulary_file_gives_the_rank_of_each_token(read_ranks):
    """read_ranks returns the rank of each token, with its bytes decoded from base64."""
    got = read_ranks("w6k= 31\n\nCg== 7\nIA== 5")
    if type(got) is not dict:
        formed(got, "dict of 3", "read_ranks")
    for token, rank in got.items():
        for part, like in ((token, b" the"), (rank, 262)):
            if type(part) is not type(like):
                equal(part, like, say="the dict has bytes as keys and int as values")
    equal(got, {b"\xc3\xa9": 31, b"\n": 7, b" ": 5})
    equal(read_ranks("IQ== 0\nIHRoZQ== 262\n"), {b"!": 0, b" the": 262})
    equal(
        read_ranks("\n\nCg== 7\n\n\n"), {b"\n": 7}, say="empty lines at the beginning and the end"
    )
    equal(read_ranks(""), {})
    ranks = {bytes(range(start, start + 3)): 300 - start for start in range(0, 252, 5)}
    equal(read_ranks(_file(ranks)), ranks)


def test_a_byte_has_the_id_that_the_vocabulary_gives_it(GPT2Tokenizer):
    """The id of a single byte is its rank in the vocabulary, not its value."""
    got = GPT2Tokenizer(BYTES).encode("hé!")
    holds(type(got) is list, "encode returns a list", got=got)
    equal(got, [BYTES[b"h"], BYTES[b"\xc3"], BYTES[b"\xa9"], BYTES[b"!"]])


def test_ids_may_be_any_numbers_from_zero_on(GPT2Tokenizer):
    """Ranks and ids of special tokens are any ints from 0 on, in any order and with gaps."""
    ranks = {bytes([byte]): 3 * byte + 1 for byte in reversed(range(256))} | {b"ab": 100_000}
    tokenizer = GPT2Tokenizer(ranks, {"<s>": 0, "</s>": 200_000})
    ids = [0, 100_000, 3 * 99 + 1, 200_000]
    equal(tokenizer.encode("<s>abc</s>"), ids, say="'<s>abc</s>' with ids up to 200,000")
    equal(tokenizer.decode(ids), "<s>abc</s>", say="ids up to 200,000")


def test_the_join_of_lowest_rank_comes_first(GPT2Tokenizer):
    """Of all neighbours whose join has a rank, those of the lowest rank are joined first."""
    for joins, piece, want, say in [
        (["bc", "ab"], "abc", ["a", "bc"], "bc has a lower rank than ab"),
        (["ab", "cd", "abc"], "abcd", ["ab", "cd"], "cd has a lower rank than abc"),
        (["ab", "bc", "abc"], "abc", ["abc"], "a joined token is joined again"),
        (["aa"], "aaa", ["aa", "a"], "of equal ranks the leftmost comes first"),
        (["aa", "aaa"], "aaaaa", ["aa", "aaa"], "aa a becomes aaa only when no a a is left"),
        (["ab", "abab"], "abab", ["abab"], "a rank of 900 is used like any other"),
    ]:
        ranks = BYTES | {token.encode(): 300 + 600 * i for i, token in enumerate(joins)}
        got = GPT2Tokenizer(ranks).encode_piece(piece)
        equal(got, [ranks[token.encode()] for token in want], say=f"{say}: {piece!r}")


def test_a_character_begins_as_its_bytes(GPT2Tokenizer):
    """The first tokens are single bytes, also where the vocabulary has the whole character."""
    ranks = BYTES | {b"\xa9b": 300, b"\xc3\xa9": 301}
    got = GPT2Tokenizer(ranks).encode_piece("éb")
    equal(got, [ranks[b"\xc3"], 300], say="the second byte of é is joined with b first: 'éb'")


def test_pieces_never_share_a_token(GPT2Tokenizer):
    """encode cuts the text with pretokenize first; encode_piece does not cut."""
    ranks = BYTES | {b"w ": 256, b"lo": 257, b" lo": 258}
    tokenizer = GPT2Tokenizer(ranks)
    w, space = ranks[b"w"], ranks[b" "]
    equal(tokenizer.encode("low low"), [257, w, 258, w], say="'low' and ' low' are two pieces")
    equal(tokenizer.encode_piece("low low"), [257, 256, 257, w], say="encode_piece does not cut")
    equal(tokenizer.encode("low  lo "), [257, w, space, 258, space], say="every space is encoded")
    equal(tokenizer.encode(""), [])
    equal(tokenizer.encode_piece(""), [])


def test_special_tokens_are_cut_out_first(GPT2Tokenizer):
    """A special token in the text becomes its id; each part beside it is encoded by itself."""
    special = {"<|end|>": 900, "<|end|>.": 901, "[a]b": 903, "[a]": 902, "##": 904}
    tokenizer = GPT2Tokenizer(BYTES | {b"  ": 256, b"<|": 257}, special)
    a, space = BYTES[b"a"], BYTES[b" "]
    for text, want, say in [
        ("##", [904], "a special token alone"),
        ("<|end|>", [900], "a special token alone"),
        ("a<|end|>a<|end|>", [a, 900, a, 900], "two in a text"),
        ("[a]b[a]", [903, 902], "of two at the same position the longer is used"),
        ("<|end|><|end|>.[a]", [900, 901, 902], "of two at the same position the longer is used"),
        ("a  <|end|>  ", [a, 256, 900, 256], "a part ends where the special token begins"),
        (
            "end|[a]a",
            [*(BYTES[bytes([byte])] for byte in b"end|"), 902, a],
            "only the whole text of a special token counts",
        ),
    ]:
        equal(tokenizer.encode(text), want, say=f"{say}: {text!r}")
    spelled = [BYTES[bytes([byte])] for byte in b"<|end|>"]
    equal(GPT2Tokenizer(BYTES).encode("<|end|> "), [*spelled, space], say="no special tokens")
    got = tokenizer.encode_piece("<|end|>")
    equal(got, [257, *spelled[2:]], say="encode_piece does not look for special tokens")
    got = tokenizer.encode_piece("##")
    equal(got, [BYTES[b"#"]] * 2, say="the bytes of a special token are not joined: '##'")


def test_of_overlapping_special_tokens_the_first_is_used(GPT2Tokenizer):
    """Of two special tokens that overlap the one that begins first is used, even if shorter."""
    tokenizer = GPT2Tokenizer(BYTES, {"bcd": 901, "ab": 900})
    equal(tokenizer.encode("abcd"), [900, BYTES[b"c"], BYTES[b"d"]], say="ab begins before bcd")
    equal(tokenizer.encode("bcdab"), [901, 900], say="bcd begins before ab")


def test_without_special_tokens_there_are_none(GPT2Tokenizer):
    """With special=None or {} the text <|endoftext|> is text like any other."""
    for none in (None, {}):
        tokenizer = GPT2Tokenizer(BYTES, none)
        want = [BYTES[bytes([byte])] for byte in b"<|endoftext|>"]
        equal(tokenizer.encode("<|endoftext|>"), want, say=f"special={none}")


def test_decode_joins_the_bytes_before_it_reads_them(GPT2Tokenizer):
    """decode joins the bytes of all ids before it decodes them; invalid UTF-8 becomes U+FFFD."""
    tokenizer = GPT2Tokenizer(BYTES | {b"\xc3\xa9": 256, b"\xc3\xa9t": 257}, {"<|é|>": 900})
    ids = [BYTES[bytes([byte])] for byte in "a😀".encode()]
    equal(tokenizer.decode(ids), "a😀", say="four ids are one character")
    equal(tokenizer.decode([257, 900, 257]), "ét<|é|>ét")
    equal(tokenizer.decode(ids[:-1]), "a\ufffd", say="a character that is cut off")
    equal(tokenizer.decode([BYTES[b"\xff"]] * 2), "\ufffd\ufffd", say="bytes that are never valid")
    equal(tokenizer.decode([]), "")


def test_what_the_vocabulary_lacks_is_refused(GPT2Tokenizer):
    """A vocabulary without one of the bytes, and an unknown id, raise ValueError."""
    for byte in (b"\x00", b"a", b"\xff"):
        with pytest.raises(ValueError):
            GPT2Tokenizer({token: rank for token, rank in BYTES.items() if token != byte})
        with pytest.raises(ValueError):
            longer = {b"lo": 300, b"th": 301}
            GPT2Tokenizer(longer | {token: n for token, n in BYTES.items() if token != byte})
    tokenizer = GPT2Tokenizer(BYTES | {b"lo": 300}, END)
    for unknown in (50257, -1, 256, 299, 301):
        with pytest.raises(ValueError):
            tokenizer.decode([300, unknown])
    with pytest.raises(ValueError):
        GPT2Tokenizer(BYTES).decode([50256])


def test_random_texts_follow_the_definition(GPT2Tokenizer, rng):
    """Random pieces with a random vocabulary are joined as the definition says."""
    for letters in LETTERS * 2:
        ranks = _trained(rng, letters)
        tokenizer = GPT2Tokenizer(ranks)
        for _ in range(5):
            piece = "".join(rng.choices(letters, k=rng.randint(2, 23)))
            got = tokenizer.encode_piece(piece)
            equal(got, _by_definition(piece, ranks), say=f"the piece {piece!r}")
            text = f"{piece} {piece}<|endoftext|>\n"
            equal(
                tokenizer.decode(tokenizer.encode(text)),
                text,
                say="decode(encode(text)) must be the text",
            )


def test_tokenizers_do_not_disturb_each_other(GPT2Tokenizer):
    """Two tokenizers with different vocabularies each return their own ids."""
    first, second = GPT2Tokenizer(BYTES | {b"ow": 256}), GPT2Tokenizer(BYTES | {b"lo": 256})
    low = [BYTES[b"l"], BYTES[b"o"], BYTES[b"w"]]
    for _ in range(2):
        equal(
            first.encode("low"), [low[0], 256], say="the first tokenizer, whose vocabulary has ow"
        )
        equal(
            second.encode("low"), [256, low[2]], say="the second tokenizer, whose vocabulary has lo"
        )


def test_each_result_is_a_list_of_its_own(read_ranks, GPT2Tokenizer, beside):
    """Changing what a call returns does not change a later result."""
    tokenizer = GPT2Tokenizer(BYTES | {b"lo": 256})
    low = [256, BYTES[b"w"]]
    for text, want in (("low", low), ("low low", [*low, BYTES[b" "], *low])):
        say = f"the list returned before for {text!r} was emptied; each call returns a new one"
        shared.empty_results(beside, tokenizer.encode_piece, [text, text])
        equal(tokenizer.encode_piece(text), want, say=f"encode_piece: {say}")
        shared.empty_results(beside, tokenizer.encode, [text, text])
        equal(tokenizer.encode(text), want, say=f"encode: {say}")
    shared.empty_results(beside, read_ranks, ["IQ== 0"])
    equal(read_ranks("IQ== 0"), {b"!": 0}, say="read_ranks: the dict returned before was emptied")


def test_gpt2s_vocabulary_gives_gpt2s_ids(read_ranks, GPT2Tokenizer):
    """With GPT-2's 50,256 tokens, texts have exactly the ids that GPT-2 uses."""
    ranks = read_ranks(FILE.read_text("utf-8"))
    equal(len(ranks), 50256, say="the number of tokens in GPT-2's file")
    tokenizer = GPT2Tokenizer(ranks, END)
    for text, ids in KNOWN.items():
        equal(tokenizer.encode(text), ids, say=f"the ids of {text!r}")
        equal(tokenizer.decode(ids), text, say="the text of these ids")


def test_a_piece_that_came_before_is_not_worked_out_again(GPT2Tokenizer, reference, pace, rng):
    """On 3,000 words, 30 of them different, encode takes at most 3 times the reference's time."""
    ranks = _trained(rng, "theorms")
    mine, theirs = (kind(ranks).encode for kind in (GPT2Tokenizer, reference("GPT2Tokenizer")))

    def draw_text():
        words = ["".join(rng.choices("theorms", k=17)) for _ in range(30)]
        return (" ".join(rng.choices(words, k=3000)),)

    ratio = pace(mine, theirs, draw_text)
    says = "encode takes at most 3 times as long as the reference's, measured alternately"
    holds(ratio <= 3, says, want="at most 3 times", got=f"{ratio:.1f} times")


def _file(ranks):
    """A vocabulary file."""
    return "".join(f"{base64.b64encode(token).decode()} {n}\n" for token, n in ranks.items())


def _trained(rng, letters):
    """Ranks trained on a fresh text, with gaps between them."""
    tokens = [bytes([byte]) for byte in "".join(rng.choices(letters, k=101)).encode()]
    ranks, rank = dict(BYTES), 256
    for _ in range(23):
        pairs = list(pairwise(tokens))
        if not pairs:
            break
        most = max(pairs, key=lambda pair: (pairs.count(pair), pair))
        tokens = _joined(tokens, most)
        rank += rng.randint(1, 7)
        ranks[most[0] + most[1]] = rank
    return ranks


def _joined(tokens, pair):
    """The tokens with the pair joined wherever it stands."""
    joined = []
    for token in tokens:
        if joined and (joined[-1], token) == pair:
            joined[-1] += token
        else:
            joined.append(token)
    return joined


def _by_definition(piece, ranks):
    """The ids of a piece, with one join at a time."""
    tokens = [bytes([byte]) for byte in piece.encode()]
    while True:
        places = range(len(tokens) - 1)
        joins = {i: tokens[i] + tokens[i + 1] for i in places if tokens[i] + tokens[i + 1] in ranks}
        if not joins:
            return [ranks[token] for token in tokens]
        place = min(joins, key=lambda i: (ranks[joins[i]], i))
        tokens[place : place + 2] = [joins[place]]
