"""Mistakes in SmolLM2's tokenizer."""

import regex

from exercises.tokenizer.pretokenize import pretokenize
from grader.checks import caught_by, edit, spelling


@caught_by("test_a_byte_has_the_letter_of_its_row")
def bytes_not_translated():
    """chr(byte) as the letter of every byte, so that a space stays a space"""
    edit("chr(byte if byte in printable else next(others))", "chr(byte)")


@caught_by("test_a_byte_has_the_letter_of_its_row")
def byte_plus_256():
    """256 added to each byte that is not printable: right up to 32, wrong from 127 on"""
    edit("next(others))", "256 + byte)")


@caught_by("test_a_byte_has_the_letter_of_its_row")
def soft_hyphen_printable():
    """173, the soft hyphen, taken for printable"""
    edit("*range(161, 173), *range(174, 256)", "*range(161, 256)")


@caught_by("test_a_byte_has_the_letter_of_its_row")
def last_of_a_range_lost():
    """ranges that end one too early: range leaves its end out"""
    with spelling():
        edit("range(33, 127), *range(161, 173)", "range(33, 126), *range(161, 172)")
        edit("range(174, 256)", "range(174, 255)")
    with spelling():
        edit("range(33, 127), *range(161, 173)", "range(33, 126), *range(161, 172)")
    with spelling():
        edit("range(33, 127)", "range(33, 126)")


@caught_by("test_a_byte_has_the_letter_of_its_row")
def delete_printable():
    """127, a control character, taken for printable"""
    edit("range(33, 127)", "range(33, 128)")


@caught_by("test_a_byte_has_the_letter_of_its_row")
def space_printable():
    """a space taken for printable, so that it stands for itself"""
    edit("range(33, 127)", "range(32, 127)")


@caught_by("test_a_byte_has_the_letter_of_its_row")
def ascii_printable_alone():
    """only the printable characters of ASCII kept, and all bytes from 127 on moved"""
    edit("{*range(33, 127), *range(161, 173), *range(174, 256)}", "{*range(33, 127)}")


@caught_by("test_a_byte_has_the_letter_of_its_row")
def others_from_257():
    """the other bytes' letters one too far, from 257 on"""
    edit("count(256)", "count(257)")


@caught_by("test_a_byte_has_the_letter_of_its_row")
def printable_first():
    """the letters in GPT-2's order, printable bytes first, so that they are not at their bytes"""
    edit(
        "    return [chr(byte if byte in printable else next(others)) for byte in range(256)]",
        "    rest = [byte for byte in range(256) if byte not in printable]\n"
        "    return [chr(byte) for byte in sorted(printable)] + [chr(next(others)) for _ in rest]",
    )


@caught_by("test_each_digit_is_a_piece")
def digits_together():
    """a number as one piece, not digit by digit"""
    with spelling():
        edit(r"(\p{N})", r"(\p{N}+)")
    with spelling():
        edit(r'regex.split(r"(\p{N})", text)', "[text]")


@caught_by("test_each_digit_is_a_piece")
def digits_in_threes():
    """digits cut in threes, as in GPT-4"""
    edit(r"(\p{N})", r"(\p{N}{1,3})")


@caught_by("test_each_digit_is_a_piece")
def digits_with_their_space():
    """the space before a digit in the digit's piece"""
    edit(r"(\p{N})", r"( ?\p{N})")


@caught_by("test_each_digit_is_a_piece")
def digits_lost():
    """a pattern without a group, so that the digits are lost in the split"""
    edit(r"(\p{N})", r"\p{N}")


@caught_by("test_digits_are_cut_out_before_gpt2s_pattern")
def digits_cut_out_last():
    """GPT-2's pattern first and the digits out of its pieces afterwards"""

    def split_pieces(text):
        pieces = []
        for piece in pretokenize(text):
            pieces += [part for part in regex.split(r"(\p{N})", piece) if part]
        return pieces


@caught_by("test_every_number_character_is_a_piece")
def ascii_digits_alone():
    """only 0 to 9 cut out"""
    edit(r"(\p{N})", "([0-9])")


@caught_by("test_every_number_character_is_a_piece")
def decimal_digits_alone():
    """only digits cut out, as str.isdigit, str.isdecimal or \\d find them, not numbers such as ½"""
    with spelling():
        edit(r"(\p{N})", r"(\p{Nd})")
    with spelling():
        edit(r"(\p{N})", r"(\p{nt=De}|\p{nt=Di})")


@caught_by("test_every_number_character_is_a_piece")
def numerals_for_numbers():
    """what str.isnumeric finds cut out, with Chinese numerals, whose category is that of letters"""

    def split_pieces(text):
        pieces, part = [], ""
        for character in text:
            if character.isnumeric():
                pieces += [*pretokenize(part), character]
                part = ""
            else:
                part += character
        return pieces + pretokenize(part)


@caught_by("test_a_text_without_numbers_is_cut_as_by_gpt2")
def empty_pieces_kept():
    """empty pieces, between two digits or at an end of the text"""
    edit("pieces += pretokenize(part)", "pieces += pretokenize(part) or [part]")


@caught_by("test_a_text_without_numbers_is_cut_as_by_gpt2")
def last_part_lost():
    """the part after the last number lost"""
    edit("return pieces", "return pieces[: len(pieces) - len(pretokenize(part))]")


@caught_by("test_a_text_without_numbers_is_cut_as_by_gpt2")
def parts_not_cut():
    """the parts between the digits not cut by pretokenize"""
    edit("pieces += pretokenize(part)", "pieces += [part] if part else []")


@caught_by("test_a_text_without_numbers_is_cut_as_by_gpt2")
def cut_at_white_space():
    """parts cut by str.split, so that white space is lost"""
    edit("pieces += pretokenize(part)", "pieces += part.split()")


@caught_by("test_a_byte_has_the_id_of_its_letter")
def characters_for_bytes():
    """the characters of a piece taken for the letters of its bytes"""
    with spelling():
        edit(
            '[self._letters[byte] for byte in piece.encode("utf-8")]',
            "[self._letters[ord(character) % 256] for character in piece]",
        )
    with spelling():
        edit(
            '[self._letters[byte] for byte in piece.encode("utf-8")]',
            "[self._letters[ord(character)] if ord(character) < 256 else character\n"
            "                  for character in piece]",
        )
        edit("{self._bytes[letter]}", "{letter}")


@caught_by("test_a_byte_has_the_id_of_its_letter")
def space_alone_translated():
    """spaces and line ends written as Ġ and Ċ, all other characters left as they are"""
    edit(
        '[self._letters[byte] for byte in piece.encode("utf-8")]',
        '[*piece.replace(" ", "Ġ").replace("\\n", "Ċ")]',
    )
    edit("{self._bytes[letter]}", "{letter}")


@caught_by("test_a_byte_has_the_id_of_its_letter")
def bytes_as_ids():
    """the byte itself as its id, not the place of its letter in the list"""
    edit(
        "[self._ids[token] for token in tokens]",
        "[self._bytes.get(token, self._ids[token]) for token in tokens]",
    )


@caught_by("test_a_byte_has_the_id_of_its_letter")
def ids_in_another_order():
    """ids in an order of one's own, such as the bytes first, not by the places in the list"""
    with spelling():
        edit("enumerate(tokens)}", "enumerate(sorted(tokens, key=lambda one: (len(one), one)))}")
    with spelling():
        edit("enumerate(tokens)}", "enumerate(sorted(tokens))}")
    with spelling():
        edit("enumerate(tokens)}", "enumerate(dict.fromkeys([*self._letters, *tokens]))}")


@caught_by("test_the_merge_of_lowest_rank_comes_first")
def first_merge_skipped():
    """the first merge left out, as if it were the version line of a merges.txt"""
    edit("enumerate(merges)}", "enumerate(merges) if rank}")


@caught_by("test_the_merge_of_lowest_rank_comes_first")
def ids_for_ranks():
    """the id of the joined token as the merge's rank"""
    edit(
        'tuple(merge.split(" ")): rank for rank, merge in enumerate(merges)',
        'tuple(merge.split(" ")): self._ids[merge.replace(" ", "")] for merge in merges',
    )


@caught_by("test_the_merge_of_lowest_rank_comes_first")
def first_from_the_left():
    """the leftmost merge first, whatever its rank"""
    edit(
        "self._ranks.get(pair, math.inf) for pair in pairwise(tokens)",
        "place if pair in self._ranks else math.inf for place, pair in enumerate(pairwise(tokens))",
    )


@caught_by("test_the_merge_of_lowest_rank_comes_first")
def highest_rank_first():
    """the merge of highest rank first"""
    edit("math.inf) for", "-1) for")
    edit("min(ranks) == math.inf", "max(ranks) == -1")
    edit("ranks.index(min(ranks))", "ranks.index(max(ranks))")


@caught_by("test_the_merge_of_lowest_rank_comes_first")
def rightmost_of_equals():
    """the rightmost of equal pairs first, so that aaa becomes a aa"""
    edit(
        "place = ranks.index(min(ranks))",
        "place = max(place for place, rank in enumerate(ranks) if rank == min(ranks))",
    )


@caught_by("test_the_merge_of_lowest_rank_comes_first")
def one_join_only():
    """only one join for each piece"""
    edit("while len(tokens) > 1:", "for _ in tokens[1:2]:")


@caught_by("test_the_merge_of_lowest_rank_comes_first")
def longest_from_the_left():
    """the longest token first, from the left, as WordPiece does"""

    class SmolLMTokenizer:
        def encode_piece(self, piece):
            rest = "".join(self._letters[byte] for byte in piece.encode("utf-8"))
            ids = []
            while rest:
                sizes = [n for n in range(1, len(rest) + 1) if rest[:n] in self._ids]
                if not sizes:
                    raise ValueError("no token")
                ids.append(self._ids[rest[: max(sizes)]])
                rest = rest[max(sizes) :]
            return ids


@caught_by("test_only_merges_join")
def ranks_of_joined_tokens():
    """merges looked up by the joined letters, as with GPT-2's file, not by the pair"""
    with spelling():
        edit(
            'tuple(merge.split(" ")): rank for rank, merge in enumerate(merges)',
            'merge.replace(" ", ""): rank for rank, merge in enumerate(merges)',
        )
        edit("get(pair, math.inf)", 'get("".join(pair), math.inf)')
    with spelling():
        edit(
            'tuple(merge.split(" ")): rank for rank, merge in enumerate(merges)',
            'merge.replace(" ", ""): rank for rank, merge in reversed([*enumerate(merges)])',
        )
        edit("get(pair, math.inf)", 'get("".join(pair), math.inf)')


@caught_by("test_the_merge_of_lowest_rank_comes_first")
def any_token_joins():
    """any two tokens joined whose join is in the vocabulary, by its id, without the merges"""
    edit("self._ranks.get(pair, math.inf)", 'self._ids.get("".join(pair), math.inf)')


@caught_by("test_only_merges_join")
def whole_piece_first():
    """a piece that is a token as a whole gets its id, without the merges"""
    edit(
        "        while len(tokens) > 1:",
        '        if "".join(tokens) in self._ids:\n'
        '            return [self._ids["".join(tokens)]]\n'
        "        while len(tokens) > 1:",
    )


@caught_by("test_pieces_never_share_a_token")
def not_cut_into_pieces():
    """letters joined in the whole text, without split_pieces"""
    edit("for piece in split_pieces(text) for i", "for piece in [text] for i")


@caught_by("test_pieces_never_share_a_token")
def space_before_the_text():
    """a space put before the text, as other tokenizers do"""
    with spelling():
        edit("for piece in split_pieces(text) for i", 'for piece in split_pieces(" " + text) for i')
    with spelling():
        edit(
            "for piece in split_pieces(text) for i",
            'for piece in split_pieces(" " * bool(text) + text) for i',
        )


@caught_by("test_pieces_never_share_a_token")
def digits_of_gpt2():
    """encode cuts with pretokenize alone, so that 12 is one piece"""
    edit("for piece in split_pieces(text) for i", "for piece in pretokenize(text) for i")


@caught_by("test_pieces_never_share_a_token")
def piece_cut():
    """an encode_piece that cuts its piece"""
    edit(
        '        tokens = [self._letters[byte] for byte in piece.encode("utf-8")]',
        "        parts = split_pieces(piece)\n        if len(parts) > 1:\n"
        "            return [i for part in parts for i in self.encode_piece(part)]\n"
        '        tokens = [self._letters[byte] for byte in piece.encode("utf-8")]',
    )


@caught_by("test_the_text_of_a_control_token_is_text")
def control_tokens_found():
    """control tokens looked for in the text, so that what a user types becomes one"""
    with spelling():

        class SmolLMTokenizer:
            def encode(self, text):
                ids = []
                for part in regex.split(r"(<\|\w+\|>)", text):
                    if len(part) > 4 and part in self._ids:
                        ids.append(self._ids[part])
                    else:
                        for piece in split_pieces(part):
                            ids += self.encode_piece(piece)
                return ids

    with spelling():

        class SmolLMTokenizer:  # noqa: F811
            def encode(self, text):
                if text in self._ids:
                    return [self._ids[text]]
                return [i for piece in split_pieces(text) for i in self.encode_piece(piece)]


@caught_by("test_the_text_of_a_control_token_is_text")
def control_tokens_left_out():
    """control tokens left out of the text by decode"""
    edit("for i in ids)", r'for i in ids if not regex.match(r"<\|.*\|>$", self._tokens[i]))')


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def read_token_by_token():
    """each token decoded by itself, so that a character of several tokens is lost"""
    edit(
        'letters = "".join(self._tokens[i] for i in ids)\n'
        "        return bytes(self._bytes[letter] for letter in letters)"
        '.decode("utf-8", errors="replace")',
        'return "".join(\n'
        "            bytes(self._bytes[letter] for letter in self._tokens[i])"
        '.decode("utf-8", "replace") for i in ids\n        )',
    )


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def letters_not_translated():
    """letters taken for characters by decode, or only Ġ and Ċ translated"""
    with spelling():
        edit(
            "return bytes(self._bytes[letter] for letter in letters)"
            '.decode("utf-8", errors="replace")',
            "return letters",
        )
    with spelling():
        edit(
            "return bytes(self._bytes[letter] for letter in letters)"
            '.decode("utf-8", errors="replace")',
            'return letters.replace("Ġ", " ").replace("Ċ", "\\n")',
        )


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def broken_bytes_refused():
    """an error for a character that is cut off"""
    edit(', errors="replace"', "")


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def broken_bytes_left_out():
    """invalid bytes left out, not replaced by U+FFFD"""
    edit('.decode("utf-8", errors="replace")', '.decode("utf-8", errors="ignore")')


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def spaces_stripped():
    """white space at the ends of the text removed by decode"""
    with spelling():
        edit('"utf-8", errors="replace")', '"utf-8", errors="replace").strip()')
    with spelling():
        edit('"utf-8", errors="replace")', '"utf-8", errors="replace").removeprefix(" ")')
    with spelling():
        edit('"utf-8", errors="replace")', '"utf-8", errors="replace").lstrip()')


@caught_by("test_a_byte_without_a_token_is_refused")
def byte_left_out():
    """a byte without a token left out of the text, as Transformers does"""
    edit(
        "        for letter in tokens:\n            if letter not in self._ids:\n"
        '                raise ValueError(f"the vocabulary has no token for the byte '
        '{self._bytes[letter]}")\n',
        "        tokens = [letter for letter in tokens if letter in self._ids]\n",
    )


@caught_by("test_a_byte_without_a_token_is_refused")
def byte_of_id_0():
    """the id 0, or another fixed one, for a byte without a token"""
    edit("if letter not in self._ids:", "if False:")
    edit("[self._ids[token] for", "[self._ids.get(token, 0) for")


@caught_by("test_a_byte_without_a_token_is_refused")
def key_error():
    """KeyError for a byte without a token, not ValueError"""
    edit("if letter not in self._ids:", "if False:")


@caught_by("test_a_byte_without_a_token_is_refused")
def all_bytes_demanded():
    """a vocabulary refused that lacks a byte, although SmolLM2's lacks 21"""
    edit(
        "        self._tokens, self._letters = tokens, byte_letters()\n",
        "        self._tokens, self._letters = tokens, byte_letters()\n"
        "        if not {*self._letters} <= {*tokens}:\n"
        '            raise ValueError("a byte has no token")\n',
    )


@caught_by("test_every_text_comes_back")
def text_normalized():
    """the text normalized, so that other characters come back than were given"""
    with spelling():
        edit(
            'piece.encode("utf-8")]', '__import__("unicodedata").normalize("NFC", piece).encode()]'
        )
    with spelling():
        edit(
            "in split_pieces(text) for",
            'in split_pieces(__import__("unicodedata").normalize("NFC", text)) for',
        )
    with spelling():
        edit(
            "in split_pieces(text) for",
            'in split_pieces(__import__("unicodedata").normalize("NFKC", text)) for',
        )


@caught_by("test_pieces_never_share_a_token")
def text_stripped():
    """white space at the ends of the text not encoded"""
    edit("in split_pieces(text) for", "in split_pieces(text.strip()) for")


@caught_by("test_unknown_ids_are_refused")
def negative_ids_accepted():
    """a negative id taken for a place from the end of the list"""
    with spelling():
        edit("if not 0 <= i < len(self._tokens):", "if i >= len(self._tokens):")
    with spelling():
        edit(
            "if not 0 <= i < len(self._tokens):",
            "if not -len(self._tokens) <= i < len(self._tokens):",
        )


@caught_by("test_unknown_ids_are_refused")
def index_error():
    """IndexError for an id beyond the list, not ValueError"""
    edit("if not 0 <= i < len(self._tokens):", "if i < 0:")


@caught_by("test_unknown_ids_are_refused")
def unknown_ids_skipped():
    """unknown ids left out, without an error"""
    edit(
        "        for i in ids:\n",
        "        ids = [i for i in ids if 0 <= i < len(self._tokens)]\n        for i in ids:\n",
    )


@caught_by("test_tokenizers_do_not_disturb_each_other")
def one_memory_for_all():
    """the ids of pieces stored in the class, so that all tokenizers share them"""
    edit(
        "        self._tokens, self._letters = tokens, byte_letters()\n",
        "        SmolLMTokenizer._known = {}\n"
        "        self._tokens, self._letters = tokens, byte_letters()\n",
    )
    edit(
        "return [i for piece in split_pieces(text) for i in self.encode_piece(piece)]",
        "ids = []\n        for piece in split_pieces(text):\n"
        "            if piece not in self._known:\n"
        "                self._known[piece] = self.encode_piece(piece)\n"
        "            ids += self._known[piece]\n        return ids",
    )


@caught_by("test_each_result_is_a_list_of_its_own")
def stored_list_returned():
    """a stored list returned, so that a caller can change it"""
    with spelling():
        edit(
            "        tokens = [self._letters[byte] for byte",
            '        known = self.__dict__.setdefault("known", {})\n'
            "        if piece in known:\n            return known[piece]\n"
            "        tokens = [self._letters[byte] for byte",
        )
        edit(
            "return [self._ids[token] for token in tokens]",
            "known[piece] = [self._ids[token] for token in tokens]\n        return known[piece]",
        )
    with spelling():
        edit(
            "return [i for piece in split_pieces(text) for i in self.encode_piece(piece)]",
            'known = self.__dict__.setdefault("known", {})\n'
            "        if text not in known:\n"
            "            pieces = split_pieces(text)\n"
            "            known[text] = [i for piece in pieces for i in self.encode_piece(piece)]\n"
            "        return known[text]",
        )
    with spelling():
        edit(
            "def byte_letters() ->",
            "import functools\n\n\n@functools.cache\ndef byte_letters() ->",
        )
