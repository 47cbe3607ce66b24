"""The checks of SmolLM2's tokenizer."""

from itertools import pairwise

import pytest

from grader.checks import equal, formed, holds, load_shared

shared = load_shared(__file__)
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
PLAIN = [byte for byte in range(256) if 33 <= byte <= 126 or (byte >= 161 and byte != 173)]
OTHERS = [byte for byte in range(256) if byte not in PLAIN]
TABLE = {byte: chr(byte) for byte in PLAIN} | {byte: chr(256 + n) for n, byte in enumerate(OTHERS)}
"""The letter of each byte."""


def test_a_byte_has_the_letter_of_its_row(byte_letters):
    """Printable bytes stand for themselves; the others get the characters from 256 upwards."""
    got = byte_letters()
    formed(got, "list of 256", "byte_letters()")
    for byte, want in [
        (33, "!"),
        (126, "~"),
        (161, "¡"),
        (255, "ÿ"),
        (0, "Ā"),
        (10, "Ċ"),
        (32, "Ġ"),
        (127, chr(289)),
        (128, chr(290)),
        (160, chr(322)),
        (173, chr(323)),
        (172, "¬"),
        (174, "®"),
    ]:
        equal(got[byte], want, say=f"the letter of the byte {byte}")
    equal(got, [TABLE[byte] for byte in range(256)], say="all 256 letters")


def test_each_digit_is_a_piece(split_pieces):
    """Every digit is a piece of its own, and a space before it stays outside."""
    for text, want in [
        ("2024", ["2", "0", "2", "4"]),
        ("In 2024", ["In", " ", "2", "0", "2", "4"]),
        ("a1b2", ["a", "1", "b", "2"]),
        ("1.50", ["1", ".", "5", "0"]),
        ("7", ["7"]),
    ]:
        equal(split_pieces(text), want, say=f"the pieces of {text!r}")


def test_digits_are_cut_out_before_gpt2s_pattern(split_pieces):
    """What stands between two digits is cut as if it were a whole text."""
    for text, want in [
        ("a  1", ["a", "  ", "1"]),
        ("1   2", ["1", "   ", "2"]),
        ("1  a", ["1", " ", " a"]),
        ("x\n\n3", ["x", "\n\n", "3"]),
        ("7's", ["7", "'s"]),
        ("'7s", ["'", "7", "s"]),
        (" 8 9 ", [" ", "8", " ", "9", " "]),
    ]:
        equal(split_pieces(text), want, say=f"the pieces of {text!r}")


def test_a_text_without_numbers_is_cut_as_by_gpt2(split_pieces):
    """Without a number, the pieces are those of pretokenize, and none is empty."""
    for text, want in [
        ("", []),
        ("It's  late!", ["It", "'s", " ", " late", "!"]),
        ("we'll go\n", ["we", "'ll", " go", "\n"]),
        ("  naïve café", [" ", " naïve", " café"]),
    ]:
        equal(split_pieces(text), want, say=f"the pieces of {text!r}")


def test_every_number_character_is_a_piece(split_pieces):
    """All characters of the categories N are cut out; Chinese numerals are letters, and are not."""
    for text, want in [
        (" ٣٤ ", [" ", "٣", "٤", " "]),
        ("x ²³", ["x", " ", "²", "³"]),
        ("x ½½", ["x", " ", "½", "½"]),
        (" Ⅷ b", [" ", "Ⅷ", " b"]),
        ("三一 四", ["三一", " 四"]),
        ("①②", ["①", "②"]),
    ]:
        equal(split_pieces(text), want, say=f"the pieces of {text!r}")


def test_a_byte_has_the_id_of_its_letter(SmolLMTokenizer):
    """The id of a token is its place in the list, whatever byte it stands for."""
    tokens = _list_tokens([])
    got = SmolLMTokenizer(tokens, []).encode("hé !\n")
    holds(type(got) is list, "encode returns a list", got=got)
    equal(got, [tokens.index(letter) for letter in "hÃ©Ġ!Ċ"], say="the ids of 'hé !\\n'")
    for order in (CONTROL + list(TABLE.values()), list(TABLE.values()) + CONTROL):
        got = SmolLMTokenizer(order, []).encode("hé")
        equal(got, [order.index(letter) for letter in "hÃ©"], say="the same in another order")


def test_the_merge_of_lowest_rank_comes_first(SmolLMTokenizer):
    """Of all neighbours that a merge has, those of the lowest rank are joined first."""
    for merges, piece, want, say in [
        (["b c", "a b"], "abc", ["a", "bc"], "b c has a lower rank than a b"),
        (["a b", "b c"], "abc", ["ab", "c"], "a b has a lower rank than b c"),
        (["a b", "c d", "ab c"], "abcd", ["ab", "cd"], "c d has a lower rank than ab c"),
        (["a b", "ab c"], "abcab", ["abc", "ab"], "a joined token is joined again"),
        (["a b", "c d", "b c"], "bcd", ["b", "cd"], "a rank is a place among the merges"),
        (["a a"], "aaa", ["aa", "a"], "of equal ranks the leftmost comes first"),
        (["a a", "aa a"], "aaaaa", ["aa", "aaa"], "aa a is joined when no a a is left"),
        (["a b", "ab ab"], "abab", ["abab"], "two equal neighbours"),
        (["Ġ a", "Ã ©", "Ġa Ã©"], " aé", ["ĠaÃ©"], "merges are written in letters"),
    ]:
        _claim(SmolLMTokenizer, merges, piece, want, say)


def test_only_merges_join(SmolLMTokenizer):
    """A pair that is no merge is never joined, even if its join is a token."""
    for merges, extra, piece, want, say in [
        (["b c", "a b", "ab c"], [], "abc", ["a", "bc"], "abc comes from ab c, not from a bc"),
        (["a b", "b c", "a bc"], [], "abc", ["ab", "c"], "abc comes from a bc, not from ab c"),
        (["a b"], ["abc", "bc"], "abc", ["ab", "c"], "no merge makes abc"),
        ([], ["ab"], "ab", ["a", "b"], "no merge makes ab"),
    ]:
        _claim(SmolLMTokenizer, merges, piece, want, say, extra)


def test_pieces_never_share_a_token(SmolLMTokenizer):
    """encode cuts the text with split_pieces first; encode_piece does not cut."""
    merges = ["1 2", "Ġ 1", "w Ġ", "l o", "Ġ lo"]
    tokens = _list_tokens(merges)
    tokenizer = SmolLMTokenizer(tokens, merges)
    for text, want in [
        ("low low", ["lo", "w", "Ġlo", "w"]),
        (" low ", ["Ġlo", "w", "Ġ"]),
        ("12 12", ["1", "2", "Ġ", "1", "2"]),
        ("", []),
    ]:
        equal(tokenizer.encode(text), _find(tokens, want), say=f"encode({text!r})")
    for piece, want in [("low low", ["lo", "wĠ", "lo", "w"]), ("12 1", ["12", "Ġ1"]), ("", [])]:
        equal(tokenizer.encode_piece(piece), _find(tokens, want), say=f"encode_piece({piece!r})")


def test_the_text_of_a_control_token_is_text(SmolLMTokenizer):
    """<|im_end|> in a text is encoded as ten characters; its id is decoded to this text."""
    merges = ["< |", "i m", "| >"]
    tokens = _list_tokens(merges)
    tokenizer = SmolLMTokenizer(tokens, merges)
    want = ["<|", "im", "_", "e", "n", "d", "|>"]
    equal(tokenizer.encode("<|im_end|>"), _find(tokens, want), say="encode('<|im_end|>')")
    equal(tokenizer.encode_piece("<|im_end|>"), _find(tokens, want), say="encode_piece")
    got = tokenizer.encode("a<|im_end|>\n")
    equal(got, _find(tokens, ["a", *want, "Ċ"]), say="encode('a<|im_end|>\\n')")
    ids = _find(tokens, ["<|im_start|>", "a", "<|im_end|>", "Ċ"])
    equal(tokenizer.decode(ids), "<|im_start|>a<|im_end|>\n", say="decode with control tokens")


def test_decode_joins_the_bytes_before_it_reads_them(SmolLMTokenizer):
    """decode joins the bytes of all ids before it decodes them; invalid UTF-8 becomes U+FFFD."""
    merges = ["Ã ©", "Ã© t", "Ġ a"]
    tokens = _list_tokens(merges)
    tokenizer = SmolLMTokenizer(tokens, merges)
    smile = [TABLE[byte] for byte in "a😀".encode()]
    for letters, want, say in [
        (["Ã©t", "Ġa", "Ċ"], "ét a\n", "letters stand for bytes"),
        (["Ġ", "Ġa", "Ġ"], "  a ", "spaces at both ends stay"),
        (smile, "a😀", "four ids are one character"),
        (smile[:-1], "a\ufffd", "a character that is cut off"),
        (["ÿ", "ÿ"], "\ufffd\ufffd", "bytes that are never valid"),
        ([], "", "no ids"),
    ]:
        equal(tokenizer.decode(_find(tokens, letters)), want, say=say)


def test_a_byte_without_a_token_is_refused(SmolLMTokenizer):
    """Without a token for the byte 4, a text with it raises ValueError, and others are encoded."""
    merges = ["a b", "b c"]
    for place in (0, 1, 2):
        tokens = [token for token in _list_tokens(merges) if token not in (TABLE[4], TABLE[0xF1])]
        tokenizer = SmolLMTokenizer(tokens, merges)
        text = "abc"[:place] + "\x04" + "abc"[place:]
        with pytest.raises(ValueError):
            tokenizer.encode(text)
        with pytest.raises(ValueError):
            tokenizer.encode_piece(text)
        equal(tokenizer.encode("abc"), _find(tokens, ["ab", "c"]), say="a text without that byte")
        with pytest.raises(ValueError):
            tokenizer.encode_piece("\U00050000")


def test_unknown_ids_are_refused(SmolLMTokenizer):
    """A negative id and an id beyond the list raise ValueError."""
    tokens = _list_tokens(["l o"])
    tokenizer = SmolLMTokenizer(tokens, ["l o"])
    for unknown in (len(tokens), -1, -len(tokens), 10**6):
        for ids in ([unknown], [5, unknown], [unknown, 5]):
            with pytest.raises(ValueError):
                tokenizer.decode(ids)
    equal(
        tokenizer.decode([len(tokens) - 1]), _decode(tokens, [len(tokens) - 1]), say="the last id"
    )


def test_random_texts_follow_the_definition(SmolLMTokenizer, rng):
    """Random texts with random merges have the ids of the rule, and come back."""
    for letters in ["ab ", "abc' 1\n", "é€😀 ", "the 12 "] * 2:
        merges = _draw_merges(rng, letters)
        tokens = _list_tokens(merges, rng)
        tokenizer = SmolLMTokenizer(tokens, merges)
        for _ in range(5):
            piece = "".join(rng.choices(letters, k=rng.randint(2, 23)))
            want = _find(tokens, _by_definition(piece, merges))
            equal(tokenizer.encode_piece(piece), want, say=f"{piece!r} with the merges {merges}")
            text = f"{piece}  {piece} 17<|im_end|>\n"
            back = tokenizer.decode(tokenizer.encode(text))
            equal(back, text, say="decode(encode(text)) must be the text")


def test_every_text_comes_back(SmolLMTokenizer, rng):
    """decode(encode(text)) is the text, for characters of one to four bytes and every number."""
    merges = ["Ġ t", "h e", "Ġt he", "Ã ©", "Ċ Ċ"]
    tokenizer = SmolLMTokenizer(_list_tokens(merges), merges)
    for letters in ("the 019\n\t", "é²½٣ e\u0301", "日本三\u3000 1", "😀👍🏽 \x00\x7f\xa0\xad"):
        text = "".join(rng.choices(letters, k=41))
        equal(tokenizer.decode(tokenizer.encode(text)), text, say=f"the text {text!r}")
    for text in ("  the\n", "cafe\u0301", "\ufb01 \u212b"):
        equal(tokenizer.decode(tokenizer.encode(text)), text, say=f"the text {text!r}")


def test_tokenizers_do_not_disturb_each_other(SmolLMTokenizer):
    """Two tokenizers with different vocabularies each return their own ids."""
    pairs = [(_list_tokens([merge]), [merge]) for merge in ("o w", "l o")]
    first, second = (SmolLMTokenizer(tokens, merges) for tokens, merges in pairs)
    for _ in range(2):
        equal(first.encode("low"), _find(pairs[0][0], ["l", "ow"]), say="the merge o w")
        equal(second.encode("low"), _find(pairs[1][0], ["lo", "w"]), say="the merge l o")
    equal(first.decode(_find(pairs[0][0], ["l", "ow"])), "low", say="the first one's decode")


def test_each_result_is_a_list_of_its_own(byte_letters, split_pieces, SmolLMTokenizer, beside):
    """Changing what a call returns does not change a later result."""
    tokens = _list_tokens(["l o"])
    tokenizer = SmolLMTokenizer(tokens, ["l o"])
    for function, text, want in (
        (split_pieces, "low 1", ["low", " ", "1"]),
        (tokenizer.encode_piece, "low", _find(tokens, ["lo", "w"])),
        (tokenizer.encode, "low", _find(tokens, ["lo", "w"])),
    ):
        shared.empty_results(beside, function, [text, text])
        equal(function(text), want, say=f"{text!r}, after the list returned before was emptied")
    # iter(function, 0) calls the function again and again; next takes its first list.
    empty = beside("operator.methodcaller")("clear")
    lists = beside("builtins.iter")(byte_letters, 0)
    beside("builtins.next")(beside("builtins.map")(empty, lists))
    got = byte_letters()
    equal(len(got), 256, say="byte_letters(), after the list returned before was emptied")
    equal(tokenizer.encode("low"), _find(tokens, ["lo", "w"]), say="the tokenizer after that")


def _list_tokens(merges, rng=None):
    """Return a vocabulary whose order is neither that of bytes nor that of merges."""
    joined = [merge.replace(" ", "") for merge in merges]
    joined[1:3] = reversed(joined[1:3])
    tokens = [*CONTROL, *joined, *reversed(TABLE.values())]
    if rng is not None:
        rng.shuffle(tokens)
    return tokens


def _find(tokens, parts):
    """Return the ids of these tokens."""
    return [tokens.index(part) for part in parts]


def _claim(SmolLMTokenizer, merges, piece, want, say, extra=()):
    """Claim that a piece is encoded as these tokens."""
    tokens = [*extra, *_list_tokens(merges)]
    got = SmolLMTokenizer(tokens, merges).encode_piece(piece)
    equal(got, _find(tokens, want), say=f"{say}: {piece!r} with the merges {merges}")


def _decode(tokens, ids):
    """Return the text of ids."""
    bytes_of = {letter: byte for byte, letter in TABLE.items()}
    return bytes(bytes_of[letter] for i in ids for letter in tokens[i]).decode("utf-8", "replace")


def _draw_merges(rng, letters):
    """Return random merges, each part of which is a letter or what an earlier one joins."""
    known = sorted({TABLE[byte] for byte in letters.encode()})
    merges = []
    for _ in range(17):
        first, second = rng.choice(known), rng.choice(known)
        if first + second not in known and len(first + second) < 9:
            merges.append(f"{first} {second}")
            known.append(first + second)
    return merges


def _by_definition(piece, merges):
    """Return the tokens of a piece, with one join at a time."""
    tokens = [TABLE[byte] for byte in piece.encode()]
    while True:
        pairs = [f"{a} {b}" for a, b in pairwise(tokens)]
        places = [place for place, pair in enumerate(pairs) if pair in merges]
        if not places:
            return tokens
        place = min(places, key=lambda place: (merges.index(pairs[place]), place))
        tokens[place : place + 2] = [tokens[place] + tokens[place + 1]]
