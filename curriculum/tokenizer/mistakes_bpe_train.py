"""Mistakes in training byte-pair encoding."""

from collections import Counter
from itertools import pairwise

from grader.checks import caught_by, edit, spelling


@caught_by("test_counts_are_taken_anew_after_each_merge")
def counted_once():
    """pairs counted only once, at the beginning, and not again after each merge"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        counts = Counter(pairwise(bytes([byte]) for byte in text.encode("utf-8")))
        ranked = sorted(counts, key=lambda pair: (counts[pair], pair), reverse=True)
        return ranked[: vocab_size - 256]


@caught_by("test_the_greatest_pair_wins_a_tie")
def first_seen_wins():
    """ties won by the pair that occurs first in the text (max with key=counts.get)"""
    edit("lambda pair: (counts[pair], pair)", "counts.get")


@caught_by("test_the_greatest_pair_wins_a_tie")
def smallest_wins():
    """ties won by the smallest pair"""
    edit("max(counts, key=lambda pair: (counts", "min(counts, key=lambda pair: (-counts")


@caught_by("test_the_greatest_pair_wins_a_tie")
def newest_token_wins():
    """ties decided by token ids, so that a merged token is greater than every byte"""
    edit(
        "tokens = [bytes",
        "numbers = {bytes([byte]): byte for byte in range(256)}\n    tokens = [bytes",
    )
    edit(
        "    return merges", "        numbers[best[0] + best[1]] = len(numbers)\n    return merges"
    )
    edit("[pair], pair", "[pair], numbers[pair[0]], numbers[pair[1]]")


@caught_by("test_the_greatest_pair_wins_a_tie")
def greatest_joined_wins():
    """ties decided by the joined bytes, not by the left token and then the right one"""
    edit("[pair], pair", "[pair], pair[0] + pair[1]")


@caught_by("test_the_greatest_pair_wins_a_tie")
def last_seen_wins():
    """ties won by the pair that was counted last, as a loop with >= finds it"""
    edit("lambda pair: (counts[pair], pair)", "counts.get")
    edit("max(counts", "max(reversed(counts)")


@caught_by("test_the_greatest_pair_wins_a_tie")
def longest_wins():
    """ties won by the pair with the most bytes, and by the greatest pair only after that"""
    edit("[pair], pair", "[pair], len(pair[0] + pair[1]), pair")


@caught_by("test_a_run_counts_every_pair_of_neighbours")
def counted_without_overlap():
    """pairs counted without overlap, so that a run of five a contains only two"""
    edit(
        "Counter(pairwise(tokens))",
        "{pair: len(tokens) - len(merge(tokens, pair)) for pair in pairwise(tokens)}",
    )


@caught_by("test_merges_worked_by_hand")
def every_second_pair():
    """only every second pair counted: the first token with the second, the third with the fourth"""
    edit("pairwise(tokens)", "zip(tokens[::2], tokens[1::2])")


@caught_by("test_merges_worked_by_hand")
def order_ignored():
    """the counts of (a, b) and (b, a) added together"""
    edit(
        "(counts[pair], pair)",
        "(counts[pair] + (pair[0] != pair[1]) * counts[pair[::-1]], pair)",
    )


@caught_by("test_merges_worked_by_hand")
def single_bytes_only():
    """only pairs of single bytes merged, never a token that a merge has made"""
    edit(
        "best = max(counts",
        "counts = {pair: n for pair, n in counts.items() if len(pair[0] + pair[1]) == 2}\n"
        "        if not counts:\n            break\n        best = max(counts",
    )


@caught_by("test_merge_joins_each_occurrence_from_the_left")
def merged_from_the_right():
    """a merge from right to left, so that aaa becomes a aa"""

    def merge(tokens, pair):
        merged, position = [], len(tokens)
        while position > 0:
            if tuple(tokens[max(position - 2, 0) : position]) == pair:
                merged.append(pair[0] + pair[1])
                position -= 2
            else:
                merged.append(tokens[position - 1])
                position -= 1
        return merged[::-1]


@caught_by("test_merge_joins_each_occurrence_from_the_left")
def merged_once():
    """a merge that joins only the first occurrence"""

    def merge(tokens, pair):
        for position in range(len(tokens) - 1):
            if (tokens[position], tokens[position + 1]) == pair:
                joined = [pair[0] + pair[1]]
                return tokens[:position] + joined + tokens[position + 2 :]
        return list(tokens)


@caught_by("test_merge_joins_each_occurrence_from_the_left")
def used_twice():
    """a merge that moves by one after a match, so that the second token is used twice"""
    edit("position += 2", "position += 1")


@caught_by("test_merge_joins_each_occurrence_from_the_left")
def joined_again():
    """a merge of overlapping places, so that aaa becomes aa aa"""
    edit("    position = 0\n", "")
    edit(
        "    position += 2  # both are used: the next pair begins after them\n        else",
        "elif position == 0 or tuple(tokens[position - 1 : position + 1]) != pair",
    )
    edit("    position += 1", "position += 1")
    edit(": list[bytes] = []", ", position = [], 0")


@caught_by("test_merge_joins_each_occurrence_from_the_left")
def last_token_lost():
    """a merge whose loop ends one token early, so that the last token is lost"""
    edit(": list[bytes] = []", ", position = [], 0")
    edit("    position = 0\n", "")
    edit("(tokens):", "(tokens) - 1:")
    edit("tuple(tokens[position : position + 2])", "(tokens[position], tokens[position + 1])")


@caught_by("test_merge_joins_each_occurrence_from_the_left")
def either_order():
    """a merge that joins b followed by a too"""
    edit(
        "tuple(tokens[position : position + 2]) == pair",
        "tuple(tokens[position : position + 2]) in (pair, pair[::-1])",
    )
    edit("pair[0] + pair[1]", "tokens[position] + tokens[position + 1]")


@caught_by("test_merge_compares_whole_tokens")
def joined_bytes_compared():
    """a merge of any two tokens that have the bytes of a + b together"""
    edit(
        "tuple(tokens[position : position + 2]) == pair",
        'b"".join(tokens[position : position + 2]) == pair[0] + pair[1]',
    )


@caught_by("test_every_byte_of_the_text_takes_part")
def letters_not_bytes():
    """merges of characters: the text is split into characters, not bytes"""
    edit('bytes([byte]) for byte in text.encode("utf-8")', 'byte.encode("utf-8") for byte in text')


@caught_by("test_every_byte_of_the_text_takes_part")
def latin_letters():
    """text encoded as Latin-1, so that é is one byte and not the two of UTF-8"""
    with spelling():
        edit('encode("utf-8")', 'encode("utf-8" if max(text, default="") > "\xff" else "latin-1")')
    with spelling():
        edit('text.encode("utf-8")', 'text.encode("latin-1", "replace")')


@caught_by("test_every_byte_of_the_text_takes_part")
def line_ends_dropped():
    """line ends dropped: the text is split into lines first"""
    with spelling():
        edit("text.encode", '"".join(text.splitlines()).encode')
    with spelling():
        edit("text.encode", 'text.replace("\\n", "").encode')


@caught_by("test_every_byte_of_the_text_takes_part")
def no_pair_ends_in_a_space():
    """pairs not counted if the right token begins with a space, so that words stay apart"""
    edit(
        "best = max(counts",
        'counts = {pair: n for pair, n in counts.items() if pair[1][:1] != b" "}\n'
        "        if not counts:\n            break\n        best = max(counts",
    )


@caught_by("test_every_byte_of_the_text_takes_part")
def words_kept_apart():
    """merges inside words only: the text is split at white space first"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        words = [[bytes([byte]) for byte in word.encode("utf-8")] for word in text.split()]
        merges = []
        while len(merges) < vocab_size - 256:
            counts = Counter(pair for word in words for pair in pairwise(word))
            if not counts:
                break
            best = max(counts, key=lambda pair: (counts[pair], pair))
            words = [merge(word, best) for word in words]
            merges.append(best)
        return merges


@caught_by("test_training_ends_when_one_token_is_left")
def single_pairs_ignored():
    """training that ends as soon as no pair occurs twice"""
    edit("tokens = merge", "if counts[best] < 2:\n            break\n        tokens = merge")


@caught_by("test_training_ends_when_one_token_is_left")
def two_tokens_left():
    """training that ends when two tokens are left"""
    edit("len(tokens) > 1", "len(tokens) > 2")


@caught_by("test_training_ends_when_one_token_is_left")
def never_ends_early():
    """a search for the most frequent pair when no pair is left"""
    edit(
        "while len(merges) < vocab_size - 256 and len(tokens) > 1",
        "for _ in range(vocab_size - 256)",
    )


@caught_by("test_the_result_is_a_list_of_pairs_of_bytes")
def numbers_not_bytes():
    """merges as token ids (256, 257, ...), not as bytes"""
    edit(
        "tokens = [bytes",
        "numbers = {bytes([byte]): byte for byte in range(256)}\n    tokens = [bytes",
    )
    edit(
        "append(best)",
        "append((numbers[best[0]], numbers[best[1]]))\n"
        "        numbers[best[0] + best[1]] = len(numbers)",
    )


@caught_by("test_the_result_is_a_list_of_pairs_of_bytes")
def joined_not_pairs():
    """the new tokens, not the pairs that were joined"""
    edit("append(best)", "append(best[0] + best[1])")


@caught_by("test_merges_worked_by_hand")
def bytes_not_counted():
    """vocab_size merges: the 256 single bytes are not counted"""
    edit("- 256 and", "and")


@caught_by("test_single_bytes_are_counted_whatever_the_text")
def bytes_of_the_text_counted():
    """a vocabulary that begins with the bytes of the text, not with all 256"""
    edit("len(merges) < vocab_size - 256", "len(merges) + len(alphabet) < vocab_size")
    edit("    merges: list", "    alphabet = set(tokens)\n    merges: list")


@caught_by("test_merge_returns_a_list_of_its_own")
def own_list_returned():
    """a merge that returns the list that it was given if the pair does not occur"""
    edit(
        "    merged: list[bytes] = []",
        "    if pair not in pairwise(tokens):\n        return tokens\n    merged = []",
    )


@caught_by("test_each_result_is_a_list_of_its_own")
def results_kept():
    """the same list returned again for the same arguments (lru_cache)"""
    edit("import Counter", "import Counter\nfrom functools import lru_cache")
    edit("def bpe_train(", "@lru_cache\ndef bpe_train(")


@caught_by("test_merge_leaves_its_list_alone")
def merged_in_place():
    """a merge that changes its argument"""

    def merge(tokens, pair):
        position = 0
        while position < len(tokens) - 1:
            if (tokens[position], tokens[position + 1]) == pair:
                tokens[position : position + 2] = [pair[0] + pair[1]]
            position += 1
        return tokens


@caught_by("test_a_vocabulary_below_256_is_refused")
def empty_text_first():
    """no ValueError for an empty text, because it is returned before vocab_size is tested"""
    edit("if vocab_size < 256:", "if not text:\n        return []\n    if vocab_size < 256:")


@caught_by("test_a_vocabulary_below_256_is_refused")
def small_vocabulary_accepted():
    """a vocab_size below 256 accepted, without a ValueError"""
    edit("if vocab_size < 256", "if False")


@caught_by("test_the_result_is_a_list_of_pairs_of_bytes")
def numbers_for_bytes():
    """ints as tokens, because list(b"ab") is [97, 98]"""
    edit('[bytes([byte]) for byte in text.encode("utf-8")]', 'list(text.encode("utf-8"))')
