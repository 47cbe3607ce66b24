"""What goes wrong with encoding by byte-pair merges."""

from collections import Counter
from itertools import pairwise

from grader.course import caught_by


@caught_by("test_the_longest_token_does_not_win")
def longest_match():
    """the longest token of the vocabulary at each place, as WordPiece does it"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        rest, found = text.encode("utf-8"), []
        while rest:
            size = next(n for n in range(len(rest), 0, -1) if rest[:n] in ids)
            found.append(ids[rest[:size]])
            rest = rest[size:]
        return found


@caught_by("test_two_tokens_are_joined_by_their_own_pair_only")
def joined_by_their_bytes():
    """two tokens joined whenever their bytes together are a token, whatever pair makes it"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        while len(tokens) > 1:
            a, b = min(pairwise(tokens), key=lambda pair: ids.get(pair[0] + pair[1], 10**9))
            if a + b not in ids:
                break
            tokens = merge(tokens, (a, b))
        return [ids[token] for token in tokens]


@caught_by("test_the_earlier_merge_comes_first")
def from_left_to_right():
    """the first pair from the left that is a merge, not the earliest merge"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        while pair := next((pair for pair in pairwise(tokens) if pair in merges), None):
            tokens = merge(tokens, pair)
        return [ids[token] for token in tokens]


@caught_by("test_the_earlier_merge_comes_first")
def last_merge_first():
    """the merges from the last to the first"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        for pair in reversed(merges):
            tokens = merge(tokens, pair)
        return [ids[token] for token in tokens]


@caught_by("test_the_earlier_merge_comes_first")
def most_frequent_first():
    """the merge whose pair is most frequent in this text, as in training, not the earliest"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        while counts := Counter(pair for pair in pairwise(tokens) if pair in merges):
            tokens = merge(tokens, max(counts, key=lambda pair: (counts[pair], pair)))
        return [ids[token] for token in tokens]


@caught_by("test_a_text_worked_by_hand")
def one_round():
    """one round only: what has been joined is not joined again"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        there = set(pairwise(tokens))
        for pair in merges:
            if pair in there:
                tokens = merge(tokens, pair)
        return [ids[token] for token in tokens]


@caught_by("test_a_merge_that_finds_nothing_is_passed_over")
def ended_by_a_gap():
    """encoding that ends at the first merge that finds nothing"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        for pair in merges:
            if pair not in pairwise(tokens):
                break
            tokens = merge(tokens, pair)
        return [ids[token] for token in tokens]


@caught_by("test_every_occurrence_is_joined_from_the_left")
def first_occurrence_only():
    """each merge used once, at its first occurrence"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        for pair in merges:
            pairs = list(pairwise(tokens))
            if pair in pairs:
                at = pairs.index(pair)
                tokens[at : at + 2] = [pair[0] + pair[1]]
        return [ids[token] for token in tokens]


@caught_by("test_every_occurrence_is_joined_from_the_left")
def joined_from_the_right():
    """runs joined from the right, so that aaa becomes a aa"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        for a, b in merges:
            at = len(tokens) - 2
            while at >= 0:
                if (tokens[at], tokens[at + 1]) == (a, b):
                    tokens[at : at + 2] = [a + b]
                    at -= 1
                at -= 1
        return [ids[token] for token in tokens]


@caught_by("test_the_result_is_a_list_of_numbers")
def tokens_not_ids():
    """the tokens themselves, not their ids"""

    def bpe_encode(text, merges):
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        for pair in merges:
            tokens = merge(tokens, pair)
        return tokens


@caught_by("test_a_text_worked_by_hand")
def merges_numbered_from_0():
    """ids of merges that begin at 0, where the single bytes already are"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: i for i, (a, b) in enumerate(merges)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        for pair in merges:
            tokens = merge(tokens, pair)
        return [ids[token] for token in tokens]


@caught_by("test_a_text_worked_by_hand")
def merges_numbered_from_257():
    """ids of merges that begin at 257, as if the first merge were number 1"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges, start=1)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        for pair in merges:
            tokens = merge(tokens, pair)
        return [ids[token] for token in tokens]


@caught_by("test_a_text_worked_by_hand")
def numbered_as_they_come():
    """new tokens numbered in the order in which this text needs them"""

    def bpe_encode(text, merges):
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        for pair in merges:
            tokens = merge(tokens, pair)
        ids = {bytes([byte]): byte for byte in range(256)}
        return [ids.setdefault(token, len(ids)) for token in tokens]


@caught_by("test_without_a_merge_each_byte_is_its_own_id")
def letters_not_bytes():
    """letters in place of bytes: what is beyond ASCII has its code point for an id"""

    def bpe_encode(text, merges):
        ids = {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        tokens = [letter.encode("utf-8") for letter in text]
        for pair in merges:
            tokens = merge(tokens, pair)
        return [ids[token] if token in ids else ord(token.decode("utf-8")) for token in tokens]


@caught_by("test_merges_join_bytes_also_across_letters")
def letters_kept_apart():
    """each letter beyond ASCII encoded by itself, so that no merge reaches across it"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        runs = [""]
        for letter in text:
            if letter.isascii() and runs[-1].isascii():
                runs[-1] += letter
            else:
                runs.append(letter)
        found = []
        for run in runs:
            tokens = [bytes([byte]) for byte in run.encode("utf-8")]
            for pair in merges:
                tokens = merge(tokens, pair)
            found += [ids[token] for token in tokens]
        return found


@caught_by("test_merges_reach_across_words")
def words_kept_apart():
    """words encoded one by one, each with the space before it"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        words = [""]
        for letter in text:
            if letter.isspace():
                words.append("")
            words[-1] += letter
        found = []
        for word in words:
            tokens = [bytes([byte]) for byte in word.encode("utf-8")]
            for pair in merges:
                tokens = merge(tokens, pair)
            found += [ids[token] for token in tokens]
        return found


@caught_by("test_merges_reach_across_words")
def spaces_lost():
    """the text split at white space first, and the spaces lost"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        found = []
        for word in text.split():
            tokens = [bytes([byte]) for byte in word.encode("utf-8")]
            for pair in merges:
                tokens = merge(tokens, pair)
            found += [ids[token] for token in tokens]
        return found


@caught_by("test_random_texts_follow_the_definition")
def merges_used_up():
    """encoding that takes the merges out of the caller's list"""

    def bpe_encode(text, merges):
        ids = {bytes([byte]): byte for byte in range(256)}
        ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        while merges:
            tokens = merge(tokens, merges.pop(0))
        return [ids[token] for token in tokens]
