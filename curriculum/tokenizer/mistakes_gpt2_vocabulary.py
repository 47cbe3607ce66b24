"""What goes wrong with GPT-2's tokenizer."""

import base64
import math
import re
from itertools import pairwise

from grader.course import caught_by


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def numbered_lines():
    """tokens ranked by their line in the file, whatever rank stands there"""

    def read_ranks(text):
        lines = [line.split() for line in text.splitlines() if line]
        return {base64.b64decode(line[0]): number for number, line in enumerate(lines)}


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def base64_kept():
    """tokens as the letters of the base64, which is never decoded"""

    def read_ranks(text):
        lines = [line.split() for line in text.splitlines() if line]
        return {line[0].encode(): int(line[1]) for line in lines}


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def ranks_as_text():
    """ranks left as text, '262' in place of 262"""

    def read_ranks(text):
        lines = [line.split() for line in text.splitlines() if line]
        return {base64.b64decode(line[0]): line[1] for line in lines}


@caught_by("test_a_vocabulary_file_gives_the_rank_of_each_token")
def empty_lines_read():
    """a reader that asks an empty line for its rank"""

    def read_ranks(text):
        lines = [line.split() for line in text.split("\n")]
        return {base64.b64decode(token): int(rank) for token, rank in lines}


@caught_by("test_a_byte_has_the_id_that_the_vocabulary_gives_it")
def values_for_ids():
    """single bytes that keep their values 0 to 255 as ids, as in a vocabulary of one's own"""

    class GPT2Tokenizer:
        def encode_piece(self, piece):
            tokens = [bytes([byte]) for byte in piece.encode("utf-8")]
            while len(tokens) > 1:
                joins = [a + b for a, b in pairwise(tokens)]
                ranks = [self._ranks.get(join, math.inf) for join in joins]
                if min(ranks) == math.inf:
                    break
                place = ranks.index(min(ranks))
                tokens[place : place + 2] = [joins[place]]
            return [token[0] if len(token) == 1 else self._ranks[token] for token in tokens]


@caught_by("test_a_byte_has_the_id_that_the_vocabulary_gives_it")
def characters_for_bytes():
    """a piece that begins as characters: of é only the code point is looked up, as one byte"""

    class GPT2Tokenizer:
        def encode_piece(self, piece):
            tokens = [bytes([ord(letter) % 256]) for letter in piece]
            while len(tokens) > 1:
                joins = [a + b for a, b in pairwise(tokens)]
                ranks = [self._ranks.get(join, math.inf) for join in joins]
                if min(ranks) == math.inf:
                    break
                place = ranks.index(min(ranks))
                tokens[place : place + 2] = [joins[place]]
            return [self._ranks[token] for token in tokens]


@caught_by("test_the_join_of_lowest_rank_comes_first")
def longest_from_the_left():
    """the longest token that fits, from the left, as WordPiece does"""

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
    """the first neighbours from the left that have a join, whatever its rank"""

    class GPT2Tokenizer:
        def encode_piece(self, piece):
            tokens = [bytes([byte]) for byte in piece.encode("utf-8")]
            while True:
                joins = [a + b for a, b in pairwise(tokens)]
                places = [place for place, join in enumerate(joins) if join in self._ranks]
                if not places:
                    break
                tokens[places[0] : places[0] + 2] = [joins[places[0]]]
            return [self._ranks[token] for token in tokens]


@caught_by("test_the_join_of_lowest_rank_comes_first")
def highest_rank_first():
    """the join of highest rank first, which is the rarest"""

    class GPT2Tokenizer:
        def encode_piece(self, piece):
            tokens = [bytes([byte]) for byte in piece.encode("utf-8")]
            while len(tokens) > 1:
                joins = [a + b for a, b in pairwise(tokens)]
                ranks = [self._ranks.get(join, -1) for join in joins]
                if max(ranks) == -1:
                    break
                place = ranks.index(max(ranks))
                tokens[place : place + 2] = [joins[place]]
            return [self._ranks[token] for token in tokens]


@caught_by("test_the_join_of_lowest_rank_comes_first")
def rightmost_of_equals():
    """of equal joins the rightmost first, so that aaa becomes a aa"""

    class GPT2Tokenizer:
        def encode_piece(self, piece):
            tokens = [bytes([byte]) for byte in piece.encode("utf-8")]
            while len(tokens) > 1:
                joins = [a + b for a, b in pairwise(tokens)]
                ranks = [self._ranks.get(join, math.inf) for join in joins]
                if min(ranks) == math.inf:
                    break
                place = max(place for place, rank in enumerate(ranks) if rank == min(ranks))
                tokens[place : place + 2] = [joins[place]]
            return [self._ranks[token] for token in tokens]


@caught_by("test_the_join_of_lowest_rank_comes_first")
def each_rank_once():
    """one join in all: after it nothing is joined again"""

    class GPT2Tokenizer:
        def encode_piece(self, piece):
            tokens = [bytes([byte]) for byte in piece.encode("utf-8")]
            joins = [a + b for a, b in pairwise(tokens)]
            ranks = [self._ranks.get(join, math.inf) for join in joins]
            if min(ranks, default=math.inf) < math.inf:
                place = ranks.index(min(ranks))
                tokens[place : place + 2] = [joins[place]]
            return [self._ranks[token] for token in tokens]


@caught_by("test_the_join_of_lowest_rank_comes_first")
def size_taken_for_infinity():
    """the number of tokens as the rank of what has none: in a vocabulary with gaps it is one"""

    class GPT2Tokenizer:
        def encode_piece(self, piece):
            tokens = [bytes([byte]) for byte in piece.encode("utf-8")]
            while len(tokens) > 1:
                joins = [a + b for a, b in pairwise(tokens)]
                ranks = [self._ranks.get(join, len(self._ranks)) for join in joins]
                if min(ranks) >= len(self._ranks):
                    break
                place = ranks.index(min(ranks))
                tokens[place : place + 2] = [joins[place]]
            return [self._ranks[token] for token in tokens]


@caught_by("test_pieces_never_share_a_token")
def not_cut_into_pieces():
    """bytes joined in the whole text, which was never cut into pieces"""

    class GPT2Tokenizer:
        def encode(self, text):
            ids = []
            for part in self._cut.split(text):
                one = part in self._special
                ids += [self._special[part]] if one else self.encode_piece(part)
            return ids


@caught_by("test_pieces_never_share_a_token")
def cut_at_white_space():
    """text cut by split(), so that white space is lost"""

    class GPT2Tokenizer:
        def encode(self, text):
            ids = []
            for part in self._cut.split(text):
                if part in self._special:
                    ids.append(self._special[part])
                else:
                    ids += [i for word in part.split() for i in self.encode_piece(word)]
            return ids


@caught_by("test_special_tokens_are_cut_out_first")
def special_as_text():
    """special tokens spelled out letter by letter, like any other text"""

    class GPT2Tokenizer:
        def encode(self, text):
            return [i for piece in pretokenize(text) for i in self.encode_piece(piece)]


@caught_by("test_special_tokens_are_cut_out_first")
def special_not_escaped():
    """special tokens as a pattern that is not escaped: the | in <|end|> means "or" """

    class GPT2Tokenizer:
        def encode(self, text):
            ids = []
            choices = sorted(self._special, key=len, reverse=True)
            cut = f"({'|'.join(choices)})" if choices else r"((?!))"
            for part in re.split(cut, text):
                if part in self._special:
                    ids.append(self._special[part])
                else:
                    ids += [
                        i for piece in pretokenize(part or "") for i in self.encode_piece(piece)
                    ]
            return ids


@caught_by("test_special_tokens_are_cut_out_first")
def special_in_order_given():
    """special tokens tried in the order in which they were given, so that a shorter one wins"""

    class GPT2Tokenizer:
        def encode(self, text):
            ids = []
            choices = "|".join(map(re.escape, self._special))
            for part in re.split(f"({choices or '(?!)'})", text):
                if part in self._special:
                    ids.append(self._special[part])
                else:
                    ids += [i for piece in pretokenize(part) for i in self.encode_piece(piece)]
            return ids


@caught_by("test_special_tokens_are_cut_out_first")
def space_around_special_lost():
    """the white space around a special token stripped away"""

    class GPT2Tokenizer:
        def encode(self, text):
            ids, parts = [], self._cut.split(text)
            for part in parts:
                if part in self._special:
                    ids.append(self._special[part])
                else:
                    part = part.strip() if len(parts) > 1 else part
                    ids += [i for piece in pretokenize(part) for i in self.encode_piece(piece)]
            return ids


@caught_by("test_special_tokens_are_cut_out_first")
def special_with_its_text():
    """a pattern without a group, which cuts at the special tokens and gives none of their ids"""

    class GPT2Tokenizer:
        def encode(self, text):
            ids = []
            choices = "|".join(map(re.escape, sorted(self._special, key=len, reverse=True)))
            for part in re.split(choices or "(?!)", text):
                ids += [i for piece in pretokenize(part) for i in self.encode_piece(piece)]
            return ids


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def read_token_by_token():
    """each token read as UTF-8 by itself, which breaks a character of several tokens"""

    class GPT2Tokenizer:
        def decode(self, ids):
            if any(i not in self._tokens for i in ids):
                raise ValueError("an id of no token")
            return "".join(self._tokens[i].decode("utf-8", errors="replace") for i in ids)


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def broken_bytes_left_out():
    """broken characters left out, in place of U+FFFD"""

    class GPT2Tokenizer:
        def decode(self, ids):
            if any(i not in self._tokens for i in ids):
                raise ValueError("an id of no token")
            return b"".join(self._tokens[i] for i in ids).decode("utf-8", errors="ignore")


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def broken_bytes_refused():
    """an error for a character that breaks off"""

    class GPT2Tokenizer:
        def decode(self, ids):
            if any(i not in self._tokens for i in ids):
                raise ValueError("an id of no token")
            return b"".join(self._tokens[i] for i in ids).decode("utf-8")


@caught_by("test_decode_joins_the_bytes_before_it_reads_them")
def special_ids_skipped():
    """special ids left out of the text"""

    class GPT2Tokenizer:
        def decode(self, ids):
            if any(i not in self._tokens for i in ids):
                raise ValueError("an id of no token")
            plain = [i for i in ids if i not in self._special.values()]
            return b"".join(self._tokens[i] for i in plain).decode("utf-8", errors="replace")


@caught_by("test_what_the_vocabulary_lacks_is_refused")
def unknown_ids_skipped():
    """an id that is no token's left out, without an error"""

    class GPT2Tokenizer:
        def decode(self, ids):
            found = [self._tokens[i] for i in ids if i in self._tokens]
            return b"".join(found).decode("utf-8", errors="replace")


@caught_by("test_what_the_vocabulary_lacks_is_refused")
def key_error():
    """a KeyError for an id that is no token's, not a ValueError"""

    class GPT2Tokenizer:
        def decode(self, ids):
            return b"".join(self._tokens[i] for i in ids).decode("utf-8", errors="replace")


@caught_by("test_what_the_vocabulary_lacks_is_refused")
def incomplete_vocabulary_accepted():
    """a vocabulary without all single bytes, which cannot spell every text, accepted"""

    class GPT2Tokenizer:
        def __init__(self, ranks, special=None):
            self._ranks, self._special = ranks, special or {}
            self._tokens = {rank: token for token, rank in ranks.items()}
            self._tokens |= {rank: text.encode("utf-8") for text, rank in self._special.items()}
            choices = map(re.escape, sorted(self._special, key=len, reverse=True))
            self._cut = re.compile(f"({'|'.join(choices) or '(?!)'})")
            self._known = {}


@caught_by("test_tokenizers_do_not_disturb_each_other")
def one_memory_for_all():
    """pieces remembered in the class, where every tokenizer finds those of the others"""

    class GPT2Tokenizer:
        def __init__(self, ranks, special=None):
            if any(bytes([byte]) not in ranks for byte in range(256)):
                raise ValueError("a single byte has no rank")
            self._ranks, self._special = ranks, special or {}
            self._tokens = {rank: token for token, rank in ranks.items()}
            self._tokens |= {rank: text.encode("utf-8") for text, rank in self._special.items()}
            choices = map(re.escape, sorted(self._special, key=len, reverse=True))
            self._cut = re.compile(f"({'|'.join(choices) or '(?!)'})")
            GPT2Tokenizer._known = {}


@caught_by("test_a_piece_that_came_before_is_not_worked_out_again")
def nothing_remembered():
    """each piece worked out again whenever it comes: the right ids, slowly"""

    class GPT2Tokenizer:
        def encode(self, text):
            ids = []
            for part in self._cut.split(text):
                if part in self._special:
                    ids.append(self._special[part])
                else:
                    ids += [i for piece in pretokenize(part) for i in self.encode_piece(piece)]
            return ids
