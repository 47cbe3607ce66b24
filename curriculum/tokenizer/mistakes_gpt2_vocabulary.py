"""Mistakes in GPT-2's tokenizer."""

import base64
import re

from exercises.tokenizer.pretokenize import pretokenize
from grader.checks import caught_by, edit, spelling


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def numbered_lines():
    """line numbers as ranks, not the ranks in the file"""

    def read_ranks(text):
        lines = [line.split() for line in text.splitlines() if line]
        return {base64.b64decode(line[0]): number for number, line in enumerate(lines)}


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def ranks_without_gaps():
    """tokens in the order of their ranks, numbered anew from 0"""

    def read_ranks(text):
        lines = [line.split() for line in text.splitlines() if line]
        lines.sort(key=lambda line: int(line[1]))
        return {base64.b64decode(line[0]): number for number, line in enumerate(lines)}


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def ends_at_an_empty_line():
    """reading that ends at the first empty line"""
    edit("text.splitlines()", 'text.partition("\\n\\n")[0].splitlines()')


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def last_line_lost():
    """the last line dropped, as if every file ended with a line end"""
    edit("text.splitlines()", 'text.split("\\n")[:-1]')


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def base64_kept():
    """tokens in base64, which is never decoded"""
    edit("base64.b64decode(line[0])", "line[0].encode()")


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def tokens_as_text():
    """tokens decoded to str, though many of them are no whole characters"""
    with spelling():
        edit("base64.b64decode(line[0])", 'base64.b64decode(line[0]).decode("latin-1")')
    with spelling():
        edit("base64.b64decode(line[0])", 'base64.b64decode(line[0]).decode("utf-8", "replace")')
    with spelling():
        edit("base64.b64decode(line[0])", "base64.b64decode(line[0]).decode()")


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def tokens_by_rank():
    """a dict from each rank to its token, the other way round"""
    edit("{base64.b64decode(line[0]): int(line[1])", "{int(line[1]): base64.b64decode(line[0])")


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def ranks_as_text():
    """ranks as str, '262' instead of 262"""
    edit("int(line[1])", "line[1]")


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def empty_lines_read():
    """an error for an empty line"""
    edit("text.splitlines()", 'text.split("\\n")')
    edit("for line in lines if line", "for line in lines")


@caught_by("test_a_byte_has_the_id_that_the_vocabulary_gives_it")
def values_for_ids():
    """the values 0 to 255 as ids of the single bytes, not their ranks"""
    edit("return [self", "return [token[0] if len(token) == 1 else self")


@caught_by("test_a_byte_has_the_id_that_the_vocabulary_gives_it")
def characters_for_bytes():
    """a piece split into characters, each looked up as one byte, not into bytes"""
    edit('([byte]) for byte in piece.encode("utf-8")', "([ord(byte) % 256]) for byte in piece")


@caught_by("test_the_join_of_lowest_rank_comes_first")
def longest_from_the_left():
    """the longest token first, from the left, as WordPiece does"""

    class GPT2Tokenizer:
        def encode_piece(self, piece):
            rest, ids = piece.encode("utf-8"), []
            while rest:
                size = max(n for n in range(1, len(rest) + 1) if rest[:n] in self._ranks)
                ids.append(self._ranks[rest[:size]])
                rest = rest[size:]
            return ids


@caught_by("test_the_join_of_lowest_rank_comes_first")
def first_from_the_left():
    """the leftmost join first, whatever its rank"""
    edit("len(tokens) > 1", "True")
    edit(
        "self._ranks.get(join, math.inf) for join in joins",
        "place for place, join in enumerate(joins) if join in self._ranks",
    )
    edit("min(ranks) == math.inf", "not ranks")
    edit("place = ranks.index(min(ranks))", "")
    edit("[place : place + 2] = [joins[place]]", "[ranks[0] : ranks[0] + 2] = [joins[ranks[0]]]")


@caught_by("test_the_join_of_lowest_rank_comes_first")
def highest_rank_first():
    """the join of highest rank first"""
    edit("math.inf)", "-1)")
    edit("min(ranks) == math.inf", "max(ranks) == -1")
    edit("(min(ranks))", "(max(ranks))")


@caught_by("test_the_join_of_lowest_rank_comes_first")
def rightmost_of_equals():
    """the rightmost of equal joins first, so that aaa becomes a aa"""
    edit("ranks.index(min", "max(place for place, rank in enumerate(ranks) if rank == min")


@caught_by("test_the_join_of_lowest_rank_comes_first")
def each_rank_once():
    """only one join for each piece"""
    edit("while len(tokens) > 1:", "for _ in tokens[1:2]:")


@caught_by("test_the_join_of_lowest_rank_comes_first")
def size_taken_for_infinity():
    """the number of tokens used as "no rank", although larger ranks exist if there are gaps"""
    edit("math.inf)", "len(self._ranks))")
    edit("== math.inf", ">= len(self._ranks)")


@caught_by("test_the_join_of_lowest_rank_comes_first")
def single_bytes_only():
    """only single bytes joined, never a token that a join has made"""
    edit(
        "math.inf) for join in joins", "math.inf) if len(join) == 2 else math.inf for join in joins"
    )


@caught_by("test_ids_may_be_any_numbers_from_zero_on")
def largest_id_of_gpt2():
    """50256 used as "no rank", although a rank can be larger"""
    edit("math.inf)", "50256)")
    edit("== math.inf", ">= 50256")


@caught_by("test_ids_may_be_any_numbers_from_zero_on")
def ranks_of_bytes_refused():
    """a ValueError unless the ranks of the single bytes are 0 to 255"""
    edit(
        "if bytes([byte]) not in ranks]",
        "if not 0 <= ranks.get(bytes([byte]), -1) < 256]",
    )


@caught_by("test_ids_may_be_any_numbers_from_zero_on")
def id_of_zero_lost():
    """a special token with the id 0 not found, because 0 is false"""
    edit("if part in self._special:", "if self._special.get(part):")


@caught_by("test_a_character_begins_as_its_bytes")
def characters_first():
    """characters as first tokens where the vocabulary has them, not bytes"""
    edit(
        '[bytes([byte]) for byte in piece.encode("utf-8")]',
        "[part for c in map(str.encode, piece) for part in\n"
        "                  ([c] if c in self._ranks else [bytes([byte]) for byte in c])]",
    )


@caught_by("test_pieces_never_share_a_token")
def piece_cut():
    """an encode_piece that cuts its piece with pretokenize"""
    edit(
        '        tokens = [bytes([byte]) for byte in piece.encode("utf-8")]',
        "        if len(pretokenize(piece)) > 1:\n"
        "            return [i for part in pretokenize(piece) for i in self.encode_piece(part)]\n"
        '        tokens = [bytes([byte]) for byte in piece.encode("utf-8")]',
    )


@caught_by("test_pieces_never_share_a_token")
def empty_pattern():
    """without special tokens an empty pattern, at which the text is split into characters"""
    edit(" or '(?!)'", "")


@caught_by("test_pieces_never_share_a_token")
def own_pattern():
    """text cut by a simpler pattern, a space and the characters up to the next one"""
    edit("in pretokenize(part):", 'in re.findall(r" ?\\S+|\\s+", part):')


@caught_by("test_pieces_never_share_a_token")
def stored_without_space():
    """the ids of a piece stored without its space, so that low and a space with low are one"""
    edit(
        "if piece not in self._known:",
        'key = piece.strip(" ") or piece\n                if key not in self._known:',
    )
    edit("self._known[piece] = ", "self._known[key] = ")
    edit("ids += self._known[piece]", "ids += self._known[key]")


@caught_by("test_pieces_never_share_a_token")
def not_cut_into_pieces():
    """bytes joined in the whole text, without pretokenize"""
    edit("in pretokenize(part):", "in [part]:")


@caught_by("test_pieces_never_share_a_token")
def cut_at_white_space():
    """text cut by str.split, so that white space is lost"""
    edit("in pretokenize(part):", "in part.split():")


@caught_by("test_special_tokens_are_cut_out_first")
def special_as_text():
    """special tokens encoded like other text"""
    edit("self._cut.split(text)", "[text]")
    edit("if part in self._special:", "if False:")


@caught_by("test_special_tokens_are_cut_out_first")
def special_among_pieces():
    """special tokens looked for in the pieces of pretokenize, which cuts most of them"""
    edit(
        "in self._cut.split(text):",
        "in [part for piece in pretokenize(text) for part in self._cut.split(piece)]:",
    )


@caught_by("test_special_tokens_are_cut_out_first")
def first_special_only():
    """only the first special token in the text found"""
    edit("self._cut.split(text)", "self._cut.split(text, maxsplit=1)")


@caught_by("test_of_overlapping_special_tokens_the_first_is_used")
def longest_special_anywhere():
    """the longest special token used first, also where another one begins before it"""

    class GPT2Tokenizer:
        def encode(self, text):
            parts, known, ids = [text], {}, []
            for special in sorted(self._special, key=len, reverse=True):
                whole = [
                    [part]
                    if part in self._special
                    else re.split("(" + re.escape(special) + ")", part)
                    for part in parts
                ]
                parts = [part for some in whole for part in some]
            for part in parts:
                if part in self._special:
                    ids.append(self._special[part])
                    continue
                for piece in pretokenize(part):
                    if piece not in known:
                        known[piece] = self.encode_piece(piece)
                    ids += known[piece]
            return ids


@caught_by("test_special_tokens_are_cut_out_first")
def shorter_special_first():
    """of two special tokens at the same position the shorter one used"""
    edit("key=len, reverse=True", "key=len")


@caught_by("test_special_tokens_are_cut_out_first")
def special_in_a_piece():
    """the id of a special token returned by encode_piece"""
    edit(
        '        tokens = [bytes([byte]) for byte in piece.encode("utf-8")]',
        "        if piece in self._special:\n            return [self._special[piece]]\n"
        '        tokens = [bytes([byte]) for byte in piece.encode("utf-8")]',
    )


@caught_by("test_special_tokens_are_cut_out_first")
def special_among_ranks():
    """special tokens put among the ranks, so that bytes are joined to them"""
    edit(
        "= ranks, special or {}",
        "= ranks, special or {}\n"
        "        self._ranks = ranks | {text.encode(): i for text, i in self._special.items()}",
    )


@caught_by("test_without_special_tokens_there_are_none")
def special_of_gpt2():
    """GPT-2's special token added when special is None"""
    edit("special or {}", '{"<|endoftext|>": 50256} if special is None else special')


@caught_by("test_special_tokens_are_cut_out_first")
def special_not_escaped():
    """special tokens in the pattern without re.escape, so that the | in <|end|> means "or" """
    edit(
        "map(re.escape, sorted(self._special, key=len, reverse=True))",
        "sorted(self._special, key=len, reverse=True)",
    )


@caught_by("test_special_tokens_are_cut_out_first")
def special_in_order_given():
    """special tokens tried in the given order, so that a shorter one can win"""
    edit("sorted(self._special, key=len, reverse=True)", "self._special")


@caught_by("test_special_tokens_are_cut_out_first")
def space_around_special_lost():
    """white space beside a special token lost"""
    edit("pretokenize(part):", "pretokenize(part if part == text else part.strip()):")


@caught_by("test_special_tokens_are_cut_out_first")
def special_with_its_text():
    """a pattern without a group, so that the special tokens are lost in the split"""
    edit("f\"({'|'.join(choices) or '(?!)'})\"", '"|".join(choices) or "(?!)"')


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def read_token_by_token():
    """each token decoded by itself, so that a character of several tokens is lost"""
    edit(
        'b"".join(self._tokens[i] for i in ids).decode("utf-8", errors="replace")',
        '"".join(self._tokens[i].decode("utf-8", errors="replace") for i in ids)',
    )


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def broken_bytes_left_out():
    """invalid bytes left out, not replaced by U+FFFD"""
    edit('ids).decode("utf-8", errors="replace")', 'ids).decode("utf-8", errors="ignore")')


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def broken_bytes_refused():
    """an error for a character that is cut off"""
    edit(', errors="replace"', "")


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def replacements_collapsed():
    """several U+FFFD in a row made one"""
    edit(
        'return b"".join(self._tokens[i] for i in ids).decode("utf-8", errors="replace")',
        'text = b"".join(self._tokens[i] for i in ids).decode("utf-8", errors="replace")\n'
        '        return re.sub("\ufffd+", "\ufffd", text)',
    )


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def special_ids_skipped():
    """special tokens left out of the text"""
    edit("for i in ids)", "for i in ids if i not in self._special.values())")


@caught_by("test_what_the_vocabulary_lacks_is_refused")
def unknown_ids_skipped():
    """unknown ids left out, without an error"""
    edit("if i not in self._tokens:", "if False:")
    edit("for i in ids)", "for i in ids if i in self._tokens)")


@caught_by("test_what_the_vocabulary_lacks_is_refused")
def gaps_accepted():
    """any id up to the largest accepted, also where there is a gap between the ranks"""
    edit("if i not in self._tokens:", "if not 0 <= i <= max(self._tokens):")
    edit("for i in ids)", "for i in ids if i in self._tokens)")


@caught_by("test_what_the_vocabulary_lacks_is_refused")
def only_the_size_tested():
    """a vocabulary of 256 tokens or more accepted, whatever single bytes it lacks"""
    edit("if missing:", "if len(ranks) < 256:")


@caught_by("test_what_the_vocabulary_lacks_is_refused")
def key_error():
    """KeyError for an unknown id, not ValueError"""
    edit("if i not in self._tokens:", "if False:")


@caught_by("test_what_the_vocabulary_lacks_is_refused")
def incomplete_vocabulary_accepted():
    """a vocabulary without all single bytes accepted, although it cannot encode every text"""
    edit("if missing:", "if False:")


@caught_by("test_tokenizers_do_not_disturb_each_other")
def one_memory_for_all():
    """the ids of pieces stored in the class, so that all tokenizers share them"""
    edit("self._known: dict[str, list[int]] = {}", "GPT2Tokenizer._known = {}")


@caught_by("test_each_result_is_a_list_of_its_own")
def stored_list_returned():
    """the stored list of a piece returned by encode_piece, so that a caller can change it"""
    edit(
        '        tokens = [bytes([byte]) for byte in piece.encode("utf-8")]',
        "        if piece in self._known:\n            return self._known[piece]\n"
        '        tokens = [bytes([byte]) for byte in piece.encode("utf-8")]',
    )
    edit(
        "return [self._ranks[token] for token in tokens]",
        "self._known[piece] = [self._ranks[token] for token in tokens]\n"
        "        return self._known[piece]",
    )


@caught_by("test_each_result_is_a_list_of_its_own")
def stored_texts_returned():
    """a stored list returned by encode, so that a caller can change it"""
    with spelling():
        edit(
            "        ids: list[int] = []\n",
            "        if (0, text) in self._known:\n            return self._known[0, text]\n"
            "        ids = self._known[0, text] = []\n",
        )
    with spelling():
        edit(
            "        ids: list[int] = []\n",
            "        if text in self._known:\n            return self._known[text]\n"
            "        ids = []\n",
        )


@caught_by("test_a_piece_that_came_before_is_not_worked_out_again")
def nothing_remembered():
    """each piece computed again whenever it is repeated: correct, but slow"""
    edit("if piece not in self._known:", "if True:")
