"""Mistakes in encoding with merges."""

from itertools import pairwise

from grader.checks import caught_by, edit, spelling


@caught_by("test_the_longest_token_does_not_win")
def longest_match():
    """the longest token of the vocabulary at each position, as WordPiece does"""

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
    """tokens joined if their joined bytes are in the vocabulary, even if they are not a merge"""

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
    """the leftmost pair that is a merge first, not the merge of lowest rank"""
    edit(
        "for pair in merges:",
        "while pair := next((p for p in zip(tokens, tokens[1:]) if p in merges), None):",
    )


@caught_by("test_the_earlier_merge_comes_first")
def last_merge_first():
    """the merges in reverse order, the last of the list first"""
    with spelling():
        edit("for pair in merges:", "for pair in reversed(merges):")
    with spelling():
        edit(
            "for pair in merges:",
            "while pairs := [p for p in zip(tokens, tokens[1:]) if p in merges]:\n"
            "        pair = max(pairs, key=merges.index)",
        )


@caught_by("test_the_earlier_merge_comes_first")
def merges_sorted():
    """the merges in sorted order, not in that of the list"""
    edit("for pair in merges:", "for pair in sorted(merges):")


@caught_by("test_the_longest_token_does_not_win")
def longest_merge_first():
    """of the pairs that are merges the one that makes the longest token first"""
    edit(
        "for pair in merges:",
        "while pairs := [p for p in zip(tokens, tokens[1:]) if p in merges]:\n"
        "        pair = min(pairs, key=lambda p: (-len(p[0] + p[1]), merges.index(p)))",
    )


@caught_by("test_the_earlier_merge_comes_first")
def most_frequent_first():
    """the merge that is most frequent in this text first, not the one of lowest rank"""
    with spelling():
        edit(
            "for pair in merges:",
            "while pairs := [p for p in zip(tokens, tokens[1:]) if p in merges]:\n"
            "        pair = max(pairs, key=lambda p: (pairs.count(p), p))",
        )
    with spelling():
        edit(
            "for pair in merges:",
            "while pairs := [p for p in zip(tokens, tokens[1:]) if p in merges]:\n"
            "        pair = max(pairs, key=pairs.count)",
        )


@caught_by("test_a_text_worked_by_hand")
def one_round():
    """one round only: joined tokens are not joined again"""
    edit("for pair in merges:", "for pair in [p for p in merges if p in zip(tokens, tokens[1:])]:")


@caught_by("test_a_text_worked_by_hand")
def one_merge_only():
    """only the first merge that the text contains applied, and no other"""
    edit(
        "for pair in merges:",
        "for pair in [p for p in merges if p in zip(tokens, tokens[1:])][:1]:",
    )


@caught_by("test_a_text_worked_by_hand")
def last_merge_left_out():
    """the last merge of the list not applied, an off-by-one error"""
    edit("for pair in merges:", "for pair in merges[:-1]:")


@caught_by("test_a_text_worked_by_hand")
def pair_swapped():
    """the pair (a, b) joined where b is followed by a"""
    edit(
        "tokens = merge(tokens, pair)",
        "tokens = [pair[0] + pair[1] if token == pair[1] + pair[0] else token\n"
        "                  for token in merge(tokens, pair[::-1])]",
    )


@caught_by("test_a_merge_that_finds_nothing_is_passed_over")
def ended_by_a_gap():
    """encoding that stops at the first merge that the text does not contain"""
    edit(
        "for pair in merges:",
        "for pair in merges:\n        if pair not in zip(tokens, tokens[1:]):\n            break",
    )


@caught_by("test_every_occurrence_is_joined_from_the_left")
def first_occurrence_only():
    """each merge applied only to its first occurrence"""
    edit(
        "tokens = merge(tokens, pair)",
        "pairs = list(zip(tokens, tokens[1:]))\n        if pair in pairs:\n"
        "            at = pairs.index(pair)\n            tokens[at : at + 2] = [pair[0] + pair[1]]",
    )


@caught_by("test_every_occurrence_is_joined_from_the_left")
def joined_from_the_right():
    """runs joined from right to left, so that aaa becomes a aa"""
    edit(
        "merge(tokens, pair)",
        "merge([t[::-1] for t in tokens[::-1]], (pair[1][::-1], pair[0][::-1]))\n"
        "        tokens = [t[::-1] for t in tokens[::-1]]",
    )


@caught_by("test_every_occurrence_is_joined_from_the_left")
def token_used_twice():
    """in a run each token joined with both of its neighbours, so that aaa becomes aa aa"""
    edit(
        "tokens = merge(tokens, pair)",
        'after, before = [*tokens[1:], b""], [b"", *tokens[:-1]]\n'
        "        tokens = [a + b if (a, b) == pair else a\n"
        "                  for z, a, b in zip(before, tokens, after)\n"
        "                  if (a, b) == pair or (z, a) != pair]",
    )


@caught_by("test_without_a_merge_each_byte_is_its_own_id")
def last_token_lost():
    """the last token lost, unless it is joined: the loop ends one token too early"""
    with spelling():
        edit(
            "tokens = merge(tokens, pair)",
            "joined = merge(tokens, pair)\n"
            "        tokens = joined if tokens[-2:] == list(pair) else joined[:-1]",
        )


@caught_by("test_the_result_is_a_list_of_numbers")
def end_added():
    """an id added at the end of the text"""
    edit(
        "return [ids[token] for token in tokens]",
        "return [*map(ids.get, tokens), 256 + len(merges)]",
    )


@caught_by("test_the_result_is_a_list_of_numbers")
def tokens_not_ids():
    """tokens (bytes), not their ids"""
    edit("return [ids[token] for token in tokens]", "return tokens")


@caught_by("test_a_text_worked_by_hand")
def merges_numbered_from_0():
    """ids of merges that begin at 0, as those of the single bytes do"""
    edit("256 + i for", "i for")


@caught_by("test_a_text_worked_by_hand")
def merges_numbered_from_257():
    """ids of merges that begin at 257, an off-by-one error"""
    edit("enumerate(merges)", "enumerate(merges, start=1)")


@caught_by("test_the_earlier_merge_comes_first")
def numbered_as_they_come():
    """only the merges that this text uses numbered, not all merges of the list"""
    with spelling():
        edit("    ids |= {a + b: 256 + i for i, (a, b) in enumerate(merges)}\n", "")
        edit("ids[token]", "ids.setdefault(token, len(ids))")
    with spelling():
        edit("enumerate(merges)", "enumerate(p for p in merges if p[0] + p[1] in tokens)")


@caught_by("test_a_text_worked_by_hand")
def merges_numbered_first():
    """ids of merges from 0, and ids of single bytes after them"""
    edit("bytes([byte]): byte for", "bytes([byte]): len(merges) + byte for")
    edit("256 + i for", "i for")


@caught_by("test_without_a_merge_each_byte_is_its_own_id")
def letters_not_bytes():
    """characters instead of bytes: beyond ASCII the id is the code point"""
    edit(
        '[bytes([byte]) for byte in text.encode("utf-8")]',
        '[letter.encode("utf-8") for letter in text]',
    )
    edit("[ids[token] for", '[ids[token] if token in ids else ord(token.decode("utf-8")) for')


@caught_by("test_merges_join_bytes_also_across_letters")
def letters_kept_apart():
    """each character beyond ASCII encoded by itself, so that no merge reaches across it"""
    edit(
        "tokens = [",
        'import re\n\n    runs = re.findall("[\\0-\\x7f]+|[^\\0-\\x7f]", text)\n    if runs[1:]:\n'
        "        return [i for run in runs for i in bpe_encode(run, merges)]\n    tokens = [",
    )


@caught_by("test_merges_reach_across_words")
def words_kept_apart():
    """words encoded separately, so that no merge reaches from one word to the next"""
    with spelling():
        edit(
            "tokens = [",
            'import re\n\n    words = re.findall(r"\\s?\\S+|\\s", text)\n    if len(words) > 1:\n'
            "        return [i for word in words for i in bpe_encode(word, merges)]\n"
            "    tokens = [",
        )
    with spelling():
        edit(
            "tokens = [",
            'import re\n\n    words = re.findall(r"\\s+|\\S+", text)\n    if len(words) > 1:\n'
            "        return [i for word in words for i in bpe_encode(word, merges)]\n"
            "    tokens = [",
        )


@caught_by("test_merges_reach_across_words")
def lines_kept_apart():
    """lines encoded separately, so that no merge reaches across a line end"""
    edit(
        "tokens = [",
        'lines = text.encode("utf-8").splitlines(keepends=True)\n    if len(lines) > 1:\n'
        "        return [i for line in lines for i in bpe_encode(line.decode(), merges)]\n"
        "    tokens = [",
    )


@caught_by("test_every_character_is_encoded_and_nothing_is_added")
def line_ends_changed():
    """each CR LF changed to LF, so that a byte is missing"""
    edit("text.encode", 'text.replace("\\r\\n", "\\n").encode')


@caught_by("test_merges_reach_across_words")
def spaces_lost():
    """the text split at white space first, so that the spaces are lost"""
    edit(
        'text.encode("utf-8")]',
        'text.encode("utf-8")]\n    if text.split() != [text]:\n'
        "        return [i for word in text.split() for i in bpe_encode(word, merges)]",
    )


@caught_by("test_random_texts_follow_the_definition")
def merges_used_up():
    """encoding that empties the caller's list of merges"""
    edit("return [ids", "merges.clear()\n    return [ids")


@caught_by("test_each_result_is_a_list_of_its_own")
def stored_list_returned():
    """a stored list of ids returned again for the same text, with all that was done to it"""
    edit(
        "tokens = [",
        "kept, key = bpe_encode.__dict__, (text, *merges)\n    if key in kept:\n"
        "        return kept[key]\n    tokens = [",
    )
    edit(
        "return [ids[token] for token in tokens]",
        "kept[key] = [ids[token] for token in tokens]\n    return kept[key]",
    )
