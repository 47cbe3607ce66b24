"""The checks of padded batches."""

import pytest
import torch

from grader.checks import equal, formed, value


def test_ids_are_int64_and_the_mask_is_bool(padded_batch):
    """The ids are int64, the mask is bool, and both have shape (B, T)."""
    ids, mask = _pair(padded_batch([[1, 2], [3, 4, 5, 6, 7], [8]], 0))
    formed(ids, "int64 tensor 3x5", "ids")
    formed(mask, "bool tensor 3x5", "the mask")


def test_two_sequences_by_hand(padded_batch):
    """The sequences 5 6 7 and 8 give a full row and a row with two positions of padding."""
    ids, mask = _pair(padded_batch([[5, 6, 7], [8]], 0))
    equal(ids, torch.tensor([[5, 6, 7], [8, 0, 0]]))
    say = "the mask is True for tokens of the sequence, False for padding"
    equal(mask, torch.tensor([[True, True, True], [True, False, False]]), say=say)


def test_padding_has_the_id_pad(padded_batch):
    """The id pad, whatever it is, fills every position after the end of a sequence."""
    for pad in (0, 50_256, -1, -100, 2**40 + 1):
        ids, _ = _pair(padded_batch([[8], [5, 6, 7]], pad))
        equal(ids, torch.tensor([[8, pad, pad], [5, 6, 7]]), say=f"pad is {pad}")


def test_a_token_with_the_id_of_the_padding_is_real(padded_batch):
    """A token whose id equals pad stays in its sequence, and the mask is True there."""
    ids, mask = _pair(padded_batch([[0, 7, 0], [0, 0], [1, 2, 3, 4, 0]], 0))
    equal(ids, torch.tensor([[0, 7, 0, 0, 0], [0, 0, 0, 0, 0], [1, 2, 3, 4, 0]]))
    lengths = torch.tensor([[3], [2], [5]])
    say = "the lengths say which entries are real, not the ids"
    equal(mask, torch.arange(5) < lengths, say=say)


def test_the_table_is_as_wide_as_the_longest_sequence(padded_batch, rng):
    """T is the length of the longest sequence, in whichever row that is."""
    for place in range(3):
        lengths = [3, 2, 5]
        rng.shuffle(lengths)
        lengths[place] = 11
        ids, mask = _pair(padded_batch([[7] * length for length in lengths], 1))
        formed(ids, "int64 tensor 3x11", f"ids for lengths of {lengths}")
        equal(
            mask.sum(dim=1).tolist(),
            lengths,
            say="the number of True in each row is the length of its sequence",
        )


def test_a_limit_keeps_the_first_tokens(padded_batch):
    """With a limit, longer sequences are truncated at their end, and T is what is left."""
    sequences = [[1, 2, 3, 4, 5, 6, 7], [8, 9], [10, 11, 12]]
    for limit in (1, 2, 3, 5):
        say = f"limit {limit}"
        want = _by_loop([sequence[:limit] for sequence in sequences], 0)
        # New lists each time: an answer that changes them would spoil the next question.
        ids, mask = _pair(padded_batch([list(s) for s in sequences], 0, limit))
        equal(ids, want[0], say=f"ids with {say}")
        equal(mask, want[1], say=f"the mask with {say}")
    ids, _ = _pair(padded_batch(sequences, 0, limit=11))
    formed(ids, "int64 tensor 3x7", "ids with a limit above every length")
    ids, mask = _pair(padded_batch([[], [8, 0, 9]], 0, 2))
    equal(ids, torch.tensor([[0, 0], [8, 0]]), say="ids with an empty sequence, limit 2")
    equal(mask, torch.tensor([[False] * 2, [True] * 2]), say="its mask")


def test_random_batches_follow_the_rule(padded_batch, rng):
    """Random batches give the same ids and mask as a slow loop."""
    for _ in range(13):
        sequences = [
            [rng.randrange(50_257) for _ in range(rng.randint(1, 13))]
            for _ in range(rng.randint(1, 7))
        ]
        pad = rng.choice([0, 7, 50_256])
        want = _by_loop(sequences, pad)
        ids, mask = _pair(padded_batch(sequences, pad))
        equal(ids, want[0], say="ids")
        equal(mask, want[1], say="the mask")


def test_batches_without_padding_are_filled(padded_batch):
    """One sequence alone, and sequences of one length, fill the tensor: the mask is all True."""
    for sequences in ([[4, 0, 4]], [[0]], [[1, 2], [1, 2], [0, 0]]):
        ids, mask = _pair(padded_batch(sequences, 0))
        equal(ids, torch.tensor(sequences), say=f"ids of {sequences}")
        equal(mask, torch.ones(ids.shape, dtype=torch.bool), say=f"the mask of {sequences}")


def test_long_sequences_and_large_batches_follow_the_rule(padded_batch, rng):
    """Thousands of tokens, hundreds of rows and large limits follow the same rule."""
    for lengths, limit in [((65, 131, 2), None), ((2100, 7, 5003), 4097), ((3, 1) * 150, 2)]:
        sequences = [[rng.randrange(50_257) for _ in range(length)] for length in lengths]
        want = _by_loop([sequence[:limit] for sequence in sequences], 7)
        ids, mask = _pair(padded_batch(sequences, 7, limit))
        say = f"{len(lengths)} sequences of up to {max(lengths)} tokens, limit {limit}"
        equal(ids, want[0], say=f"ids of {say}")
        equal(mask, want[1], say=f"the mask of {say}")


def test_ids_of_every_size_are_kept(padded_batch):
    """An id is never rounded or cut, however large it is: int64 holds it."""
    sequences = [[2**24 + 1, 2**31 + 5], [2**53 + 1], [2**62 + 3, 0, 2**32]]
    ids, _ = _pair(padded_batch(sequences, 2**40 + 1))
    equal(ids, _by_loop(sequences, 2**40 + 1)[0])


def test_a_later_batch_leaves_an_earlier_one_as_it_was(padded_batch, beside):
    """Each call makes tensors of its own: no buffer is filled again."""
    batches, pads = [[[1, 2], [3]], [[4], [5, 6]]], [0, 9]
    wants = [_by_loop(sequences, pad) for sequences, pad in zip(batches, pads, strict=True)]
    both = beside("builtins.list")(beside("builtins.map")(padded_batch, batches, pads))
    for want, got, which in zip(wants, value(both), ("first", "second"), strict=True):
        ids, mask = _pair(got)
        equal(ids, want[0], say=f"ids of the {which} batch, seen after both calls")
        equal(mask, want[1], say=f"the mask of the {which} batch, seen after both calls")


def test_an_empty_sequence_is_a_row_of_padding(padded_batch):
    """An empty sequence is a row of padding; if all are empty the shape is (B, 0)."""
    ids, mask = _pair(padded_batch([[], [5, 6], []], 9))
    equal(ids, torch.tensor([[9, 9], [5, 6], [9, 9]]))
    equal(mask, torch.tensor([[False, False], [True, True], [False, False]]))
    ids, mask = _pair(padded_batch([[], [], []], 9))
    equal(ids, torch.zeros(3, 0, dtype=torch.int64), say="three empty sequences")
    equal(mask, torch.zeros(3, 0, dtype=torch.bool), say="three empty sequences")


def test_the_sequences_stay_as_they_were(padded_batch):
    """The lists that are passed in are not changed, also with a limit."""
    sequences = [[1, 2, 3, 4], [5], [6, 7]]
    padded_batch(sequences, 0, 3)
    equal(sequences, [[1, 2, 3, 4], [5], [6, 7]], say="the sequences were changed in place")


def test_an_empty_batch_is_refused(padded_batch):
    """A batch without any sequence raises ValueError."""
    for limit in (None, 3):
        with pytest.raises(ValueError):
            padded_batch([], 0, limit)


def _pair(got):
    """Return ids and mask, after checking that they are two tensors."""
    formed(got, "tuple of 2", "padded_batch(...)")
    for name, part, dtype in zip(["ids", "the mask"], got, ["int64", "bool"], strict=True):
        shape = "x".join(map(str, part.shape)) if isinstance(part, torch.Tensor) else "BxT"
        formed(part, f"{dtype} tensor {shape}", name)
    return got


def _by_loop(sequences, pad):
    """Return ids and mask, entry by entry."""
    width = max(map(len, sequences))
    ids = [[s[t] if t < len(s) else pad for t in range(width)] for s in sequences]
    return torch.tensor(ids), torch.tensor([[t < len(s) for t in range(width)] for s in sequences])
