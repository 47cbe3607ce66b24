"""Mistakes in fast training of byte-pair encoding."""

from collections import Counter
from itertools import pairwise

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_longer_text_takes_at_most_three_times_the_references_time")
def recounted():
    """the whole text counted again for every merge: correct, but as slow as bpe_train"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        tokens = [bytes([byte]) for byte in text.encode("utf-8")]
        merges = []
        while len(merges) < vocab_size - 256 and len(tokens) > 1:
            counts = Counter(pairwise(tokens))
            merges.append(max(counts, key=lambda pair: (counts[pair], pair)))
            joined = []
            for token in tokens:
                if joined and (joined[-1], token) == merges[-1]:
                    joined[-1] += token
                else:
                    joined.append(token)
            tokens = joined
        return merges


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def left_pairs_kept():
    """counts on the left of a merge that are not decreased, where a pair disappears"""
    with spelling():
        edit("            counts[b if x == new else x, a] -= len(where)\n", "")
    with spelling():
        edit(
            "counts[b if x == new else x, a] -= len(where)",
            "counts[b, a] -= len(where) * (x == new)",
        )


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def touching_kept():
    """the pair between two places side by side not decreased: in a b a b it is b a"""
    edit("counts[b if x == new else x, a] -= len(where)", "counts[x, a] -= len(where)")


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def touching_twice():
    """the pair between two places side by side decreased twice: in a b a b it is b a"""
    edit("x, a] -= len(where)", "x, a] -= len(where) * (1 + (x == new))")
    edit("heap[0][0] == 0", "heap[0][0] >= 0")


@caught_by("test_merges_worked_by_hand")
def touching_not_added():
    """the pair of two new tokens not counted, where two places are side by side"""
    edit(
        "            counts[x, new], places[x, new] = len(where), where\n",
        "            if x != new:\n"
        "                counts[x, new], places[x, new] = len(where), where\n",
    )
    edit("for x in left]", "for x in left if x != new]")


@caught_by("test_merges_worked_by_hand")
def wraps_around():
    """the last token taken for the left neighbour of the first, because its index is -1"""
    edit("before[i], after[j]", "before[i] or len(ids) - 2, after[j]")


@caught_by("test_merges_worked_by_hand")
def last_place_forgotten():
    """the right neighbour of the last place of a merge not counted"""
    edit(
        "        left.pop(end, None)\n",
        "        left.pop(end, None)\n"
        "        if any(right.values()) and ids[k] != end:\n"
        "            right[ids[k]].pop()\n",
    )


@caught_by("test_merges_worked_by_hand")
def pushed_too_low():
    """a new pair pushed to the heap with a count of 1, although an entry may never be too low"""
    edit("(-counts[a, b], orders", "(-1 if merges else -counts[a, b], orders")


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def right_pairs_kept():
    """counts on the right of a merge that are not decreased, where a pair disappears"""
    edit("            counts[b, y] -= len(where)\n", "")


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def counts_never_fall():
    """counts that are never decreased, or outdated heap entries that are used"""
    with spelling():
        edit("            counts[b if x == new else x, a] -= len(where)\n", "")
        edit("            counts[b, y] -= len(where)\n", "")
    with spelling():
        edit("-heap[0][0] != counts[heap[0][3]]", "counts[heap[0][3]] <= 0")
        edit("heapq.heapreplace(heap, (-counts[heap[0][3]], *heap[0][1:]))", "heapq.heappop(heap)")


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def new_pairs_on_the_right_only():
    """a new token counted only with the token after it, not with the one before"""
    with spelling():
        edit("            counts[x, new], places[x, new] = len(where), where\n", "")
        edit("[(x, new) for x in left] + ", "")
    with spelling():
        edit(
            "            counts[x, new], places[x, new] = len(where), where\n",
            "            if x == new:\n"
            "                counts[x, new], places[x, new] = len(where), where\n",
        )
        edit("for x in left]", "for x in left if x == new]")


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def new_pairs_on_the_left_only():
    """a new token counted only with the token before it, not with the one after"""
    edit("            counts[new, y], places[new, y] = len(where), where\n", "")
    edit(" + [(new, y) for y in right]", "")


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def neighbours_of_the_old_row():
    """neighbours as they were before the merge: in a b a b the new pair is ab a, not ab ab"""
    with spelling():
        edit(
            "if ids[h] == new:\n                right[a].pop()",
            "x = b if ids[h] == new else ids[h]\n            if False:\n                pass",
        )
        edit("left[ids[h]]", "left[x]")
    with spelling():
        edit("if ids[h] == new:\n                right[a].pop()", "if ids[h] != new:\n    ")
        edit("            left[ids[h]].append(h)", "                left[ids[h]].append(h)")


@caught_by("test_random_texts_give_the_merges_of_bpe_train")
def stale_entries_dropped():
    """outdated heap entries that are dropped, not put back with their present count"""
    edit("heapq.heapreplace(heap, (-counts[heap[0][3]], *heap[0][1:]))", "heapq.heappop(heap)")


@caught_by("test_the_greatest_pair_wins_a_tie")
def smallest_wins():
    """ties won by the smallest pair, because the heap returns its smallest entry"""
    edit("(-byte, 1)", "(byte,)")
    edit("[:-1]", "")


@caught_by("test_the_greatest_pair_wins_a_tie")
def shorter_wins():
    """ties decided by negated bytes without an end mark, so that lo comes before lowlow"""
    edit("(-byte, 1)", "(-byte,)")
    edit("[:-1]", "")


@caught_by("test_the_greatest_pair_wins_a_tie")
def newest_wins():
    """ties decided by token ids, so that a merged token is greater than every byte"""
    edit("(*orders[a][:-1], *orders[b])", "(-new, 1)")


@caught_by("test_the_greatest_pair_wins_a_tie")
def greatest_joined_wins():
    """ties decided by the joined bytes, not by the left token and then the right one"""
    edit("orders[a], orders[b], (a, b)))", "(*orders[a][:-1], *orders[b]), orders[a], (a, b)))")


@caught_by("test_the_greatest_pair_wins_a_tie")
def longer_left_wins():
    """ties won by the pair with the longer left token, not by the greater one"""
    edit("orders[a], orders[b], (a, b)))", "(-len(tokens[a]), *orders[a]), orders[b], (a, b)))")


@caught_by("test_the_greatest_pair_wins_a_tie")
def first_seen_wins():
    """ties won by the pair that was counted first"""
    edit("if not heap or heap[0][0] == 0", "if not any(counts.values())")
    edit("heapq.heappop(heap)[3]", "max(counts, key=counts.__getitem__)")


@caught_by("test_a_run_is_counted_and_merged_as_in_bpe_train")
def run_counted_without_overlap():
    """pairs counted without overlap, so that a run of five a contains only two"""
    edit(
        "    places: defaultdict",
        "    row = text.encode()\n"
        "    for x in set(row):\n"
        "        counts[x, x] = row.count(bytes([x, x]))\n"
        "    places: defaultdict",
    )


@caught_by("test_a_run_is_counted_and_merged_as_in_bpe_train")
def run_from_the_right():
    """runs merged from right to left, so that aaa becomes a aa"""
    edit("in places.pop((a, b)):", "in sorted(places.pop((a, b)), reverse=True):")
    edit(
        "if ids[h] == new:\n                right[a].pop()",
        "if ids[k] == new:\n                left[b].pop()",
    )
    edit("counts[b, y] -= len(where)", "counts[b, a if y == new else y] -= len(where)")


@caught_by("test_every_byte_of_the_text_takes_part")
def word_by_word():
    """pairs counted inside words only, as most trainers do, so that no pair contains a space"""
    edit(
        "        for a, b in created:",
        "        words = {p: tokens[p[0]] + tokens[p[1]] for p in created}\n"
        "        for a, b in [p for p in created if words[p].split() == [words[p]]]:",
    )


@caught_by("test_every_byte_of_the_text_takes_part")
def line_ends_dropped():
    """line ends dropped: the text is split into lines first"""
    edit("*text.encode", '*"".join(text.splitlines()).encode')


@caught_by("test_every_byte_of_the_text_takes_part")
def no_pair_ends_in_a_space():
    """pairs not counted if the right token begins with a space, so that words stay apart"""
    edit("for a, b in created:", 'for a, b in [p for p in created if tokens[p[1]][:1] != b" "]:')


@caught_by("test_every_byte_of_the_text_takes_part")
def latin_letters():
    """characters beyond ASCII as one byte each, from Latin-1 instead of UTF-8"""
    edit('encode("utf-8")', 'encode("latin-1", "replace")')


@caught_by("test_training_ends_when_one_token_is_left")
def single_pairs_ignored():
    """training that ends as soon as no pair occurs twice"""
    edit("heap[0][0] == 0", "heap[0][0] > -2")


@caught_by("test_training_ends_when_one_token_is_left")
def single_pairs_not_pushed():
    """pairs that occur once at the beginning not pushed to the heap"""
    edit("created = list(counts)", "created = [pair for pair, n in counts.items() if n > 1]")


@caught_by("test_training_ends_when_one_token_is_left")
def two_tokens_left():
    """training that ends when two tokens are left"""
    edit("if not heap or", "if sum(x != end for x in ids) < 3 or")


@caught_by("test_training_ends_when_one_token_is_left")
def never_ends_early():
    """a search for the most frequent pair when no pair is left"""
    edit("        if not heap or heap[0][0] == 0:\n            break\n", "")


@caught_by("test_the_result_is_a_list_of_pairs_of_bytes")
def numbers_not_bytes():
    """merges as token ids (256, 257, ...), not as bytes"""
    edit("merges.append((tokens[a], tokens[b]))", "merges.append((a, b))")


@caught_by("test_the_result_is_a_list_of_pairs_of_bytes")
def joined_not_pairs():
    """the new tokens, not the pairs that were joined"""
    edit("(tokens[a], tokens[b])", "tokens[a] + tokens[b]")


@caught_by("test_the_result_is_a_list_of_pairs_of_bytes")
def one_merge_too_many():
    """one merge too many, when the vocabulary is already full"""
    edit("len(tokens) < vocab_size", "len(tokens) <= vocab_size")


@caught_by("test_single_bytes_are_counted_whatever_the_text")
def bytes_of_the_text_counted():
    """a vocabulary that begins with the bytes of the text, not with all 256"""
    edit("created = list(counts)", "created, size = list(counts), vocab_size - len({*ids[1:-1]})")
    edit("len(tokens) < vocab_size", "len(merges) < size")


@caught_by("test_each_result_is_a_list_of_its_own")
def results_kept():
    """the same list returned again for the same arguments (lru_cache)"""
    edit("import heapq", "import heapq\nfrom functools import lru_cache")
    edit("def bpe_fast(", "@lru_cache\ndef bpe_fast(")


@caught_by("test_the_largest_vocabulary_has_room_for_its_merges")
def table_too_small():
    """a table of fixed size for the tokens, which is full after some 1,000 ids"""
    edit("new = len(tokens)", "new = [*range(1024)][len(tokens)]")


@caught_by("test_a_vocabulary_below_256_is_refused")
def empty_text_first():
    """no ValueError for an empty text, because it is returned before vocab_size is tested"""
    edit("if vocab_size < 256:", "if not text:\n        return []\n    if vocab_size < 256:")


@caught_by("test_a_vocabulary_below_256_is_refused")
def small_vocabulary_accepted():
    """a vocab_size below 256 accepted, without a ValueError"""
    edit("if vocab_size < 256", "if False")
