"""What goes wrong with training byte-pair encoding."""

from collections import Counter
from itertools import pairwise

from grader.course import caught_by


@caught_by("test_counts_are_taken_anew_after_each_merge")
def counted_once():
    """the pairs of the untouched text by frequency: nothing is counted again after a merge"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        counts = Counter(pairwise(bytes([byte]) for byte in text.encode("utf-8")))
        ranked = sorted(counts, key=lambda pair: (counts[pair], pair), reverse=True)
        return ranked[: vocab_size - 256]


@caught_by("test_the_greatest_pair_wins_a_tie")
def first_seen_wins():
    """ties that go to the pair seen first in the text (max over counts.get does this)"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        merges = []
        while len(merges) < vocab_size - 256 and len(tokens) > 1:
            counts = Counter(pairwise(tokens))
            best = max(counts, key=counts.get)
            tokens = merge(tokens, best)
            merges.append(best)
        return merges


@caught_by("test_the_greatest_pair_wins_a_tie")
def smallest_wins():
    """ties that go to the smallest pair"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        merges = []
        while len(merges) < vocab_size - 256 and len(tokens) > 1:
            counts = Counter(pairwise(tokens))
            best = min(counts, key=lambda pair: (-counts[pair], pair))
            tokens = merge(tokens, best)
            merges.append(best)
        return merges


@caught_by("test_the_greatest_pair_wins_a_tie")
def newest_token_wins():
    """ties settled by the numbers of the tokens, so that merged tokens beat every single byte"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        numbers = {bytes([byte]): byte for byte in range(256)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        merges = []
        while len(merges) < vocab_size - 256 and len(tokens) > 1:
            counts = Counter(pairwise(tokens))
            best = max(counts, key=lambda p: (counts[p], numbers[p[0]], numbers[p[1]]))
            tokens = merge(tokens, best)
            merges.append(best)
            numbers[best[0] + best[1]] = len(numbers)
        return merges


@caught_by("test_the_greatest_pair_wins_a_tie")
def greatest_joined_wins():
    """ties settled by the joined bytes, not by the left token and then the right one"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        merges = []
        while len(merges) < vocab_size - 256 and len(tokens) > 1:
            counts = Counter(pairwise(tokens))
            best = max(counts, key=lambda pair: (counts[pair], pair[0] + pair[1]))
            tokens = merge(tokens, best)
            merges.append(best)
        return merges


@caught_by("test_a_run_counts_every_pair_of_neighbours")
def counted_without_overlap():
    """pairs counted without overlap, so that a run of five a holds only two of them"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        merges = []
        while len(merges) < vocab_size - 256 and len(tokens) > 1:
            counts = {pair: len(tokens) - len(merge(tokens, pair)) for pair in pairwise(tokens)}
            best = max(counts, key=lambda pair: (counts[pair], pair))
            tokens = merge(tokens, best)
            merges.append(best)
        return merges


@caught_by("test_merge_joins_each_occurrence_from_the_left")
def merged_from_the_right():
    """a merge that reads from the right, so that aaa becomes a aa"""

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
    """a merge that joins the first occurrence and leaves the others"""

    def merge(tokens, pair):
        for position in range(len(tokens) - 1):
            if (tokens[position], tokens[position + 1]) == pair:
                joined = [pair[0] + pair[1]]
                return tokens[:position] + joined + tokens[position + 2 :]
        return list(tokens)


@caught_by("test_merge_joins_each_occurrence_from_the_left")
def used_twice():
    """a merge that steps by one after a match, so that the second token is used again"""

    def merge(tokens, pair):
        merged, position = [], 0
        while position < len(tokens):
            if tuple(tokens[position : position + 2]) == pair:
                merged.append(pair[0] + pair[1])
            elif position == 0 or tuple(tokens[position - 1 : position + 1]) != pair:
                merged.append(tokens[position])
            position += 1
        return merged


@caught_by("test_merge_joins_each_occurrence_from_the_left")
def last_token_lost():
    """a merge whose loop ends one early, so that a last token that joins nothing is lost"""

    def merge(tokens, pair):
        merged, position = [], 0
        while position < len(tokens) - 1:
            if (tokens[position], tokens[position + 1]) == pair:
                merged.append(pair[0] + pair[1])
                position += 2
            else:
                merged.append(tokens[position])
                position += 1
        return merged


@caught_by("test_every_byte_of_the_text_takes_part")
def letters_not_bytes():
    """merges of letters: the text is cut into characters before it becomes bytes"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        tokens = [letter.encode("utf-8") for letter in text]
        merges = []
        while len(merges) < vocab_size - 256 and len(tokens) > 1:
            counts = Counter(pairwise(tokens))
            best = max(counts, key=lambda pair: (counts[pair], pair))
            tokens = merge(tokens, best)
            merges.append(best)
        return merges


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

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        merges = []
        while len(merges) < vocab_size - 256 and len(tokens) > 1:
            counts = Counter(pairwise(tokens))
            best = max(counts, key=lambda pair: (counts[pair], pair))
            if counts[best] < 2:
                break
            tokens = merge(tokens, best)
            merges.append(best)
        return merges


@caught_by("test_training_ends_when_one_token_is_left")
def never_ends_early():
    """training that asks for the most frequent pair although no pair is left"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        merges = []
        for _ in range(vocab_size - 256):
            counts = Counter(pairwise(tokens))
            best = max(counts, key=lambda pair: (counts[pair], pair))
            tokens = merge(tokens, best)
            merges.append(best)
        return merges


@caught_by("test_the_result_is_a_list_of_pairs_of_bytes")
def numbers_not_bytes():
    """merges given as numbers of tokens (256, 257, ...) in place of their bytes"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        numbers = {bytes([byte]): byte for byte in range(256)}
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        merges = []
        while len(merges) < vocab_size - 256 and len(tokens) > 1:
            counts = Counter(pairwise(tokens))
            best = max(counts, key=lambda pair: (counts[pair], pair))
            tokens = merge(tokens, best)
            merges.append((numbers[best[0]], numbers[best[1]]))
            numbers[best[0] + best[1]] = len(numbers)
        return merges


@caught_by("test_the_result_is_a_list_of_pairs_of_bytes")
def joined_not_pairs():
    """the new tokens, in place of the pairs that they were joined from"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        joined = []
        while len(joined) < vocab_size - 256 and len(tokens) > 1:
            counts = Counter(pairwise(tokens))
            best = max(counts, key=lambda pair: (counts[pair], pair))
            tokens = merge(tokens, best)
            joined.append(best[0] + best[1])
        return joined


@caught_by("test_merges_worked_by_hand")
def bytes_not_counted():
    """vocab_size taken for the number of merges: the 256 single bytes are not counted"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("vocab_size is below 256")
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        merges = []
        while len(merges) < vocab_size and len(tokens) > 1:
            counts = Counter(pairwise(tokens))
            best = max(counts, key=lambda pair: (counts[pair], pair))
            tokens = merge(tokens, best)
            merges.append(best)
        return merges


@caught_by("test_merge_leaves_its_list_alone")
def merged_in_place():
    """a merge that changes the list it was given"""

    def merge(tokens, pair):
        position = 0
        while position < len(tokens) - 1:
            if (tokens[position], tokens[position + 1]) == pair:
                tokens[position : position + 2] = [pair[0] + pair[1]]
            position += 1
        return tokens


@caught_by("test_a_vocabulary_below_256_is_refused")
def small_vocabulary_accepted():
    """a vocabulary below 256 answered with no merges, not with ValueError"""

    def bpe_train(text, vocab_size):
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        merges = []
        while len(merges) < vocab_size - 256 and len(tokens) > 1:
            counts = Counter(pairwise(tokens))
            best = max(counts, key=lambda pair: (counts[pair], pair))
            tokens = merge(tokens, best)
            merges.append(best)
        return merges


@caught_by("test_the_result_is_a_list_of_pairs_of_bytes")
def numbers_for_bytes():
    """the numbers of the bytes as tokens, since list(b"ab") is [97, 98]"""

    def bpe_train(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        tokens = list(text.encode("utf-8"))
        merges = []
        while len(merges) < vocab_size - 256 and len(tokens) > 1:
            counts = Counter(pairwise(tokens))
            best = max(counts, key=lambda pair: (counts[pair], pair))
            tokens = merge(tokens, best)
            merges.append(best)
        return merges
