"""What is asked of padded batches."""

import pytest
import torch

from grader.engine.expect import equal, formed


def test_the_result_is_a_table_of_ids_and_a_table_of_bools(padded_batch):
    """The ids are int64, the mask is bool, and both have a row per sequence."""
    ids, mask = _pair(padded_batch([[1, 2], [3, 4, 5, 6, 7], [8]], 0))
    formed(ids, "int64 tensor 3x5", "ids")
    formed(mask, "bool tensor 3x5", "the mask")


def test_two_sequences_by_hand(padded_batch):
    """The sequences 5 6 7 and 8 fill one row whole and one row with two places of padding."""
    ids, mask = _pair(padded_batch([[5, 6, 7], [8]], 0))
    equal(ids, torch.tensor([[5, 6, 7], [8, 0, 0]]))
    say = "True is where a token of the sequence stands"
    equal(mask, torch.tensor([[True, True, True], [True, False, False]]), say=say)


def test_padding_has_the_number_that_was_asked_for(padded_batch):
    """Whatever pad is, it fills every place after the end of a sequence."""
    for pad in (0, 50_256, -100):
        ids, _ = _pair(padded_batch([[8], [5, 6, 7]], pad))
        equal(ids, torch.tensor([[8, pad, pad], [5, 6, 7]]), say=f"pad is {pad}")


def test_a_token_with_the_number_of_the_padding_is_real(padded_batch):
    """A sequence that holds the number pad keeps it, and the mask is True there."""
    ids, mask = _pair(padded_batch([[0, 7, 0], [0, 0], [1, 2, 3, 4, 0]], 0))
    equal(ids, torch.tensor([[0, 7, 0, 0, 0], [0, 0, 0, 0, 0], [1, 2, 3, 4, 0]]))
    lengths = torch.tensor([[3], [2], [5]])
    say = "which entries are real follows from the lengths, not from the numbers"
    equal(mask, torch.arange(5) < lengths, say=say)


def test_the_table_is_as_wide_as_the_longest_sequence(padded_batch, rng):
    """Wherever the longest sequence stands, it fills its row and no column is all padding."""
    for place in range(3):
        lengths = [3, 2, 5]
        rng.shuffle(lengths)
        lengths[place] = 11
        ids, mask = _pair(padded_batch([[7] * length for length in lengths], 1))
        formed(ids, "int64 tensor 3x11", f"ids for lengths of {lengths}")
        equal(mask.sum(dim=1).tolist(), lengths, say="as many True in a row as it has tokens")


def test_a_limit_keeps_the_first_tokens(padded_batch):
    """With a limit, longer sequences lose their end, and the table is no wider than is left."""
    sequences = [[1, 2, 3, 4, 5, 6, 7], [8, 9], [10, 11, 12]]
    for limit in (1, 2, 3, 5):
        say = f"limit {limit}"
        want = _by_loop([sequence[:limit] for sequence in sequences], 0)
        ids, mask = _pair(padded_batch(sequences, 0, limit))
        equal(ids, want[0], say=f"ids with {say}")
        equal(mask, want[1], say=f"the mask with {say}")
    ids, _ = _pair(padded_batch(sequences, 0, limit=11))
    formed(ids, "int64 tensor 3x7", "ids with a limit above every length")


def test_random_batches_follow_the_rule(padded_batch, rng):
    """Fresh batches give the ids and the mask of a slow loop."""
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


def test_an_empty_sequence_is_a_row_of_padding(padded_batch):
    """An empty sequence keeps its row; when all are empty the table has no columns."""
    ids, mask = _pair(padded_batch([[], [5, 6], []], 9))
    equal(ids, torch.tensor([[9, 9], [5, 6], [9, 9]]))
    equal(mask, torch.tensor([[False, False], [True, True], [False, False]]))
    ids, mask = _pair(padded_batch([[], [], []], 9))
    equal(ids, torch.zeros(3, 0, dtype=torch.int64), say="three empty sequences")
    equal(mask, torch.zeros(3, 0, dtype=torch.bool), say="three empty sequences")


def test_the_sequences_stay_as_they_were(padded_batch):
    """The lists that went in keep their lengths and their numbers."""
    sequences = [[1, 2, 3, 4], [5], [6, 7]]
    padded_batch(sequences, 0, 3)
    equal(sequences, [[1, 2, 3, 4], [5], [6, 7]], say="the sequences that went in have changed")


def test_a_batch_of_nothing_is_refused(padded_batch):
    """A batch without any sequence raises ValueError."""
    for limit in (None, 3):
        with pytest.raises(ValueError):
            padded_batch([], 0, limit)


def _pair(got):
    """Ids and mask, once it is known that they are a pair of tables."""
    formed(got, "tuple of 2", "padded_batch(...)")
    for name, part, dtype in zip(["ids", "the mask"], got, ["int64", "bool"], strict=True):
        shape = "x".join(map(str, part.shape)) if isinstance(part, torch.Tensor) else "BxT"
        formed(part, f"{dtype} tensor {shape}", name)
    return got


def _by_loop(sequences, pad):
    """Ids and mask, one entry after the other."""
    width = max(map(len, sequences))
    ids = [[s[t] if t < len(s) else pad for t in range(width)] for s in sequences]
    return torch.tensor(ids), torch.tensor([[t < len(s) for t in range(width)] for s in sequences])
