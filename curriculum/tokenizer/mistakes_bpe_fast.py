"""What goes wrong with training byte-pair encoding in seconds."""

import heapq
from collections import Counter
from itertools import pairwise

from grader.course import caught_by


@caught_by("test_a_longer_text_takes_at_most_three_times_the_references_time")
def recounted():
    """the whole text counted for every merge: the right merges, at the pace of bpe_train"""

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
    """counts that are not lowered on the left of a merge, where a pair is gone"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def right_pairs_kept():
    """counts that are not lowered on the right of a merge, where a pair is gone"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def counts_never_fall():
    """counts that never fall: what a merge breaks stays, or an outdated heap entry is believed"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts[pair] = 0
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def new_pairs_on_the_right_only():
    """a new token that is counted with what follows it, and never with what comes before"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def new_pairs_on_the_left_only():
    """a new token that is counted with what comes before it, and never with what follows"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_both_neighbours_of_a_merge_are_counted_anew")
def neighbours_of_the_old_row():
    """neighbours read before the merge: of a b a b the new pair is counted as ab a, not as ab ab"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + a] = twins
            counts.update(born)
        return merges


@caught_by("test_random_texts_give_the_merges_of_bpe_train")
def stale_entries_dropped():
    """a heap whose outdated entries are dropped, not put back with the count of today"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while heap and counts[heap[0][2]] != -heap[0][0]:
                heapq.heappop(heap)
            if not heap:
                break
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_the_greatest_pair_wins_a_tie")
def smallest_wins():
    """ties that go to the smallest pair, since the heap gives the smallest of its entries"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, tokens[x], tokens[y], x + y))
            while counts[heap[0][3]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][3]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[3]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_the_greatest_pair_wins_a_tie")
def shorter_wins():
    """ties settled by turned-round bytes without an end mark, so that lo comes before lowlow"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x], turned[y], x + y))
            while counts[heap[0][3]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][3]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[3]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_the_greatest_pair_wins_a_tie")
def newest_wins():
    """ties settled by the numbers of the tokens, so that merged tokens beat every single byte"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, -ord(x), -ord(y), x + y))
            while counts[heap[0][3]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][3]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[3]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_the_greatest_pair_wins_a_tie")
def first_seen_wins():
    """ties that go to the pair that was counted first"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            a, b = pair = max(counts, key=counts.get)
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_a_run_is_counted_and_merged_as_in_bpe_train")
def run_counted_without_overlap():
    """counts without overlap, so that a run of five a holds only two of a a"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        counts.update({x + x: row.count(x + x) - counts[x + x] for x in set(row)})
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_a_run_is_counted_and_merged_as_in_bpe_train")
def run_from_the_right():
    """runs merged from the right, so that aaa becomes a aa"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = [piece[::-1] for piece in row[::-1].split(b + a)][::-1]
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_every_byte_of_the_text_takes_part")
def word_by_word():
    """pairs counted inside words only, as most fast trainers do: none holds a space"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        words = Counter(tuple(bytes([byte]) for byte in word.encode()) for word in text.split())
        merges = []
        while len(merges) < vocab_size - 256:
            counts = Counter()
            for word, n in words.items():
                for pair in pairwise(word):
                    counts[pair] += n
            if not counts:
                break
            a, b = max(counts, key=lambda pair: (counts[pair], pair))
            merges.append((a, b))
            joined = Counter()
            for word, n in words.items():
                parts = []
                for token in word:
                    if parts and (parts[-1], token) == (a, b):
                        parts[-1] += token
                    else:
                        parts.append(token)
                joined[tuple(parts)] += n
            words = joined
        return merges


@caught_by("test_every_byte_of_the_text_takes_part")
def latin_letters():
    """letters beyond ASCII as one byte each, from Latin-1 in place of UTF-8"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("latin-1", "replace").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_training_ends_when_one_token_is_left")
def single_pairs_ignored():
    """training that ends as soon as no pair occurs twice"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            if heap[0][0] > -2:
                break
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_training_ends_when_one_token_is_left")
def never_ends_early():
    """training that asks for the most frequent pair although no pair is left"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_the_result_is_a_list_of_pairs_of_bytes")
def numbers_not_bytes():
    """merges given as numbers of tokens (256, 257, ...) in place of their bytes"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((ord(a), ord(b)))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_the_result_is_a_list_of_pairs_of_bytes")
def joined_not_pairs():
    """the new tokens, in place of the pairs that they were joined from"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append(tokens[a] + tokens[b])
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_the_result_is_a_list_of_pairs_of_bytes")
def one_merge_too_many():
    """one merge too many, made when the vocabulary is full already"""

    def bpe_fast(text, vocab_size):
        if vocab_size < 256:
            raise ValueError("the single bytes alone are 256 tokens")
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) <= vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges


@caught_by("test_a_vocabulary_below_256_is_refused")
def small_vocabulary_accepted():
    """a vocabulary below 256 answered with no merges, not with ValueError"""

    def bpe_fast(text, vocab_size):
        row = text.encode("utf-8").decode("latin-1")
        tokens = {chr(byte): bytes([byte]) for byte in range(256)}
        turned = {chr(byte): chr(255 - byte) + chr(256) for byte in range(256)}
        counts = Counter(map("".join, pairwise(row)))
        born, heap, merges = counts, [], []
        while len(tokens) < vocab_size and len(row) > 1:
            for (x, y), n in born.items():
                heapq.heappush(heap, (-n, turned[x] + turned[y], x + y))
            while counts[heap[0][2]] != -heap[0][0]:
                heapq.heapreplace(heap, (-counts[heap[0][2]], *heap[0][1:]))
            a, b = pair = heapq.heappop(heap)[2]
            new = chr(len(tokens))
            merges.append((tokens[a], tokens[b]))
            tokens[new], turned[new] = tokens[a] + tokens[b], turned[a][:-1] + turned[b]
            pieces = row.split(pair)
            row = new.join(pieces)
            before = Counter([piece[-1] for piece in pieces[:-1] if piece])
            behind = Counter([piece[0] for piece in pieces[1:] if piece])
            twins = pieces[1:-1].count("")
            counts.subtract({x + a: n for x, n in before.items()})
            counts.subtract({b + y: n for y, n in behind.items()})
            counts[b + a] -= twins
            born = {x + new: n for x, n in before.items()} | {new + y: n for y, n in behind.items()}
            born[new + new] = twins
            counts.update(born)
        return merges
