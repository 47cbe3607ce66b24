"""The checks of packing."""

import math

import pytest
import torch

from grader.checks import close, equal, formed, holds, value


def test_five_texts_by_hand(assign_rows):
    """Lengths 4, 5, 2, 3, 2 with limit 8: texts 1 and 3 fill a row, and 0, 2 and 4 another."""
    equal(assign_rows([4, 5, 2, 3, 2], 8), [[1, 3], [0, 2, 4]])


def test_a_text_goes_to_the_first_row_with_room(assign_rows):
    """The longest text comes first, and each goes to the first row, not the last or fullest."""
    for lengths, limit, want, say in [
        ([3, 7], 10, [[1, 0]], "a row is filled to its limit"),
        ([3, 8], 10, [[1], [0]], "a row of 11 ids is too long"),
        ([6, 7, 3, 3], 10, [[1, 2], [0, 3]], "the first row with room is row 0"),
        ([8, 7, 2, 2, 1], 10, [[0, 2], [1, 3, 4]], "row 0 first, then row 1"),
        ([6, 6, 5, 4, 3], 10, [[0, 3], [1, 4], [2]], "the rows that were begun earlier come first"),
        ([5, 6, 4, 4], 10, [[1, 2], [0, 3]], "6 and 4 fill a row"),
        ([5, 7, 2], 10, [[1, 2], [0]], "row 0 has room, though row 1 has more"),
        ([6, 9, 1], 10, [[1, 2], [0]], "row 0 has room for 1"),
        ([5, 7, 1, 4], 10, [[1, 2], [0, 3]], "row 0 has room for 1, though row 1 is fuller"),
        ([7, 6, 2], 10, [[0, 2], [1]], "row 0 has room for 2"),
        ([6, 7, 4, 1], 10, [[1, 3], [0, 2]], "4 does not fit into row 0, and 1 does afterwards"),
    ]:
        equal(assign_rows(lengths, limit), want, say=f"{say}: lengths {lengths}, limit {limit}")


def test_texts_of_equal_length_keep_their_order(assign_rows):
    """Of texts with equal lengths, the one that comes first is placed first."""
    for lengths, limit, want in [
        ([2, 2, 2], 4, [[0, 1], [2]]),
        ([3, 5, 3, 5], 8, [[1, 0], [3, 2]]),
        ([1] * 5, 2, [[0, 1], [2, 3], [4]]),
        ([4, 4], 4, [[0], [1]]),
    ]:
        equal(assign_rows(lengths, limit), want, say=f"lengths {lengths}, limit {limit}")


def test_random_lengths_follow_the_rule(assign_rows, rng):
    """Random lengths give the rows of a slow loop, of which at most one is half empty."""
    for _ in range(11):
        limit = rng.randint(1, 29)
        lengths = [rng.randint(1, limit) for _ in range(rng.randint(1, 23))]
        rows = assign_rows(lengths, limit)
        equal(rows, _assign(lengths, limit), say=f"lengths {lengths}, limit {limit}")
        filled = [sum(lengths[i] for i in row) for row in rows]
        few = sum(2 * ids <= limit for ids in filled)
        holds(few <= 1, "at most one row is filled to the half or less", got=filled)
    lengths = [rng.randint(1, 64) for _ in range(301)]
    equal(assign_rows(lengths, 64), _assign(lengths, 64), say="301 texts of up to 64 ids")


def test_no_texts_need_no_rows(assign_rows):
    """No texts at all give no rows."""
    equal(assign_rows([], 5), [], say="no texts")
    equal(assign_rows([5, 1], 5), [[0], [1]], say="lengths 5 and 1, limit 5")


def test_a_length_above_the_limit_is_refused(assign_rows):
    """A length above the limit raises ValueError."""
    for lengths in ([6], [2, 9, 1], [5, 5, 6]):
        with pytest.raises(ValueError):
            assign_rows(lengths, 5)


def test_a_length_below_1_is_refused(assign_rows):
    """A length of 0, or a negative one, raises ValueError."""
    for lengths in ([0], [3, 0], [-1, 2]):
        with pytest.raises(ValueError):
            assign_rows(lengths, 5)


def test_four_tensors_are_returned(pack):
    """pack returns three int64 tensors of shape (B, T), and a bool mask of shape (B, T, T)."""
    for lengths, limit, rows, width in (
        ([2, 6, 3], 6, 2, 6),
        ([3, 2], 11, 1, 5),
        ([1], 1, 1, 1),
        ([2, 2, 2], 3, 3, 2),
    ):
        got = pack([list(range(1, n + 1)) for n in lengths], limit, 0)
        formed(got, "tuple of 4", "pack(...)")
        say = f"for lengths {lengths}, limit {limit}"
        for name, part in zip(("inputs", "targets", "positions"), got[:3], strict=True):
            formed(part, f"int64 tensor {rows}x{width}", f"{name} {say}")
        formed(got[3], f"bool tensor {rows}x{width}x{width}", f"mask {say}")


def test_two_texts_share_a_row(pack):
    """5 6 7 and 8 9 share a row: positions begin anew, 7 predicts nothing, 8 reads itself alone."""
    inputs, targets, positions, mask = pack([[8, 9], [5, 6, 7]], 6, 0)
    equal(inputs, torch.tensor([[5, 6, 7, 8, 9]]), say="inputs")
    say = "targets: the last id of a text has none"
    equal(targets, torch.tensor([[6, 7, -100, 9, -100]]), say=say)
    equal(positions, torch.tensor([[0, 1, 2, 0, 1]]), say="positions begin at 0 in each text")
    want = torch.block_diag(torch.ones(3, 3), torch.ones(2, 2)).tril().bool()
    equal(mask[0], want, say="mask: the same text, and not later")


def test_a_row_is_padded_at_its_end(pack):
    """Padding has the id pad, the target -100 and the position 0, whatever pad is."""
    texts = [[5, 6], [1, 2, 3, 4, 5, 6], [7]]
    for pad in (0, 50_256, -1, -100, 2**40 + 1):
        inputs, targets, positions, _ = pack(texts, 6, pad)
        want = torch.tensor([[1, 2, 3, 4, 5, 6], [5, 6, 7, pad, pad, pad]])
        equal(inputs, want, say=f"inputs, pad={pad}")
        want = torch.tensor([[2, 3, 4, 5, 6, -100], [6, -100, -100, -100, -100, -100]])
        equal(targets, want, say=f"targets, pad={pad}")
        want = torch.tensor([[0, 1, 2, 3, 4, 5], [0, 1, 0, 0, 0, 0]])
        equal(positions, want, say=f"positions, pad={pad}")


def test_padding_attends_to_itself(pack):
    """In the mask, the padding of a row is one more text, so every position has a key."""
    _, _, _, mask = pack([[5, 6], [1, 2, 3, 4, 5, 6], [7]], 6, 0)
    want = torch.block_diag(torch.ones(2, 2), torch.ones(1, 1), torch.ones(3, 3)).tril().bool()
    equal(mask[0], torch.ones(6, 6).tril().bool(), say="the mask of a full row")
    equal(mask[1], want, say="the mask of 2 ids, 1 id and 3 places of padding")


def test_only_a_text_beyond_the_limit_is_cut(pack):
    """A text longer than limit keeps its first ids, and the last of these has no target."""
    texts = [[1, 2, 3], [11, 12, 13, 14, 15, 16, 17], [21, 22, 23, 24, 25], [31, 32]]
    inputs, targets, positions, _ = pack(texts, 5, 0)
    want = [[11, 12, 13, 14, 15], [21, 22, 23, 24, 25], [1, 2, 3, 31, 32]]
    equal(inputs, torch.tensor(want), say="inputs: 7 ids are cut to 5, before the rows are filled")
    want = [[12, 13, 14, 15, -100], [22, 23, 24, 25, -100], [2, 3, -100, 32, -100]]
    equal(targets, torch.tensor(want), say="targets")
    equal(positions[0], torch.arange(5), say="positions of the text that was cut")
    inputs, targets, _, _ = pack([[1, 2, 3, 4], [5, 6, 7, 8, 9]], 4, 0)
    say = "texts of 4 and 5 ids, limit 4: after the cut both have 4, and keep their order"
    equal(inputs, torch.tensor([[1, 2, 3, 4], [5, 6, 7, 8]]), say=say)
    inputs, targets, _, _ = pack([[3, 4], [5]], 1, 0)
    equal(inputs, torch.tensor([[3], [5]]), say="limit 1")
    equal(targets, torch.tensor([[-100], [-100]]), say="targets, limit 1")


def test_the_values_of_the_ids_do_not_matter(pack):
    """Equal texts stay apart, and an id that equals pad is an id like any other."""
    for ids in ([0, 0], [7, 7], [7, 0]):
        inputs, targets, positions, mask = pack([list(ids), list(ids), [0, 7, 0, 0, 0]], 5, 0)
        a, b = ids
        say = f"two texts {ids}, pad=0"
        equal(inputs, torch.tensor([[0, 7, 0, 0, 0], [a, b, a, b, 0]]), say=f"inputs: {say}")
        want = torch.tensor([[7, 0, 0, 0, -100], [b, -100, b, -100, -100]])
        equal(targets, want, say=f"targets: {say}")
        equal(positions, torch.tensor([[0, 1, 2, 3, 4], [0, 1, 0, 1, 0]]), say=f"positions: {say}")
        blocks = [torch.ones(2, 2), torch.ones(2, 2), torch.ones(1, 1)]
        want = torch.stack([torch.ones(5, 5), torch.block_diag(*blocks)]).tril().bool()
        equal(mask, want, say=f"mask: {say}")


def test_random_texts_follow_the_rule(pack, rng):
    """Random texts give the four tensors of a slow loop."""
    for _ in range(7):
        limit = rng.randint(1, 17)
        texts = [
            [rng.randrange(50_257) for _ in range(rng.randint(1, 19))]
            for _ in range(rng.randint(1, 13))
        ]
        pad = rng.choice([0, 50_256])
        say = f"lengths {[len(text) for text in texts]}, limit {limit}"
        names = ("inputs", "targets", "positions", "mask")
        for name, part, want in zip(
            names, pack(texts, limit, pad), _by_loop(texts, limit, pad), strict=True
        ):
            equal(part, want, say=f"{name}, {say}")


def test_packed_texts_have_the_logits_of_each_text_alone(pack, randn, rng):
    """With these positions and this mask, a model computes each text as if it were alone."""
    model = {"ids": randn(11, 6), "places": randn(13, 6)}
    model |= {name: randn(6, 6) / math.sqrt(6) for name in ("q1", "k1", "v1", "q2", "k2", "v2")}
    lengths = [7, 3, 13, 1, 5, 6, 2]
    texts = [[rng.randrange(11) for _ in range(length)] for length in lengths]
    inputs, _, positions, mask = pack(texts, 13, 0)
    packed = _run(model, inputs, positions, mask)
    for b, row in enumerate(_assign(lengths, 13)):
        start = 0
        for i in row:
            length = lengths[i]
            causal = torch.ones(1, length, length).tril().bool()
            alone = _run(model, torch.tensor([texts[i]]), torch.arange(length)[None], causal)
            got = packed[b, start : start + length]
            close(got, alone[0], atol=1e-4, rtol=1e-4, say=f"text {i}, in row {b}")
            start += length
    finite = bool(packed.isfinite().all())
    holds(finite, "no position of a row has NaN, padding included", got=packed)


def test_a_text_that_is_missing_or_empty_is_refused(pack):
    """No text at all, and a text without ids, raise ValueError."""
    for texts in ([], [[]], [[1, 2], []], [[], [3]], [[], [1, 2, 3, 4, 5]]):
        with pytest.raises(ValueError):
            pack(texts, 3, 0)


def test_nothing_is_changed_or_kept(assign_rows, pack, beside):
    """The lists that are passed stay as they were, and later calls leave earlier tensors alone."""
    lengths = [2, 5, 3]
    assign_rows(lengths, 5)
    equal(lengths, [2, 5, 3], say="the lengths after assign_rows")
    texts = [[1, 2], [3, 4, 5, 6, 7, 8], [9]]
    pack(texts, 4, 0)
    equal(texts, [[1, 2], [3, 4, 5, 6, 7, 8], [9]], say="the texts after pack")
    batches, limits, pads = [[[1, 2], [3]], [[4], [5, 6]]], [3, 2], [0, 9]
    both = beside("builtins.list")(beside("builtins.map")(pack, batches, limits, pads))
    for number, got in enumerate(value(both)):
        want = _by_loop(batches[number], limits[number], pads[number])
        for part, other in zip(got, want, strict=True):
            equal(part, other, say=f"batch {number}, seen after both calls")


def _assign(lengths, limit):
    """Return the rows of first-fit decreasing."""
    rows = []
    for length in range(limit, 0, -1):
        for i, own in enumerate(lengths):
            if own != length:
                continue
            for row in rows:
                if sum(lengths[other] for other in row) + length <= limit:
                    row.append(i)
                    break
            else:
                rows.append([i])
    return rows


def _by_loop(texts, limit, pad):
    """Return inputs, targets, positions and mask, entry by entry."""
    kept = [text[:limit] for text in texts]
    rows = _assign([len(text) for text in kept], limit)
    width = max(sum(len(kept[i]) for i in row) for row in rows)
    inputs, targets, positions, masks = [], [], [], []
    for row in rows:
        # For each position: which text stands there, and at which of its ids.
        places = [(i, p) for i in row for p in range(len(kept[i]))]
        places += [(None, 0)] * (width - len(places))
        inputs.append([pad if i is None else kept[i][p] for i, p in places])
        targets.append([_target(kept[i], p) if i is not None else -100 for i, p in places])
        positions.append([p for _, p in places])
        owners = [i for i, _ in places]
        masks.append(
            [[u <= t and owners[u] == owners[t] for u in range(width)] for t in range(width)]
        )
    return tuple(torch.tensor(part) for part in (inputs, targets, positions, masks))


def _target(text, place):
    """Return the id after this place of a text, or -100."""
    return text[place + 1] if place + 1 < len(text) else -100


def _run(model, ids, positions, mask):
    """Return what a model of two attention layers makes of each position."""
    x = model["ids"][ids] + model["places"][positions]
    for layer in "12":
        q, k, v = (x @ model[f"{name}{layer}"] for name in "qkv")
        scores = (q @ k.transpose(1, 2) / math.sqrt(6)).masked_fill(~mask, -math.inf)
        x = x + scores.softmax(-1) @ v
    return x @ model["ids"].T
