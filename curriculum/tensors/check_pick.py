"""The checks of picking by index."""

import math

import pytest
import torch

from grader.checks import close, equal, gradients, value


def test_one_entry_for_each_position_by_hand(pick):
    """From the vectors 5 6 7 and 8 9 10, the ids 2 and 0 pick 7 and 8."""
    x = torch.tensor([[[5.0, 6.0, 7.0], [8.0, 9.0, 10.0]]])
    close(pick(x, torch.tensor([[2, 0]])), torch.tensor([[7.0, 8.0]]))
    close(pick(x, torch.tensor([[1, 1]])), torch.tensor([[6.0, 9.0]]))


def test_entry_b_t_is_picked_from_sequence_b_and_position_t(pick, randn, randint):
    """Output [b, t] is x[b, t, ids[b, t]] for all sizes, also where B, T and V are equal."""
    for shape in [(2, 3, 5), (3, 2, 2), (1, 1, 1), (1, 5, 2), (5, 1, 3), (2, 2, 3), (3, 3, 3)]:
        x, ids = randn(*shape), randint(0, shape[2], *shape[:2])
        close(pick(x, ids), _pick_by_loop(x, ids), say=f"x of shape {shape}")


def test_the_last_real_position_by_hand(last_real):
    """Lengths 2 and 1 give the vector at position 1 of sequence 0 and at 0 of sequence 1."""
    x = torch.tensor([[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[7.0, 8.0], [9.0, 0.0], [0.0, 0.0]]])
    close(last_real(x, torch.tensor([2, 1])), torch.tensor([[3.0, 4.0], [7.0, 8.0]]))
    close(last_real(x, torch.tensor([3, 3])), torch.tensor([[5.0, 6.0], [0.0, 0.0]]))


def test_each_sequence_has_its_own_last_position(last_real, randn, randint):
    """Output [b] is x[b, lengths[b] - 1] for all sizes, also where B, T and C are equal."""
    for shape in [(2, 3, 5), (5, 2, 3), (1, 1, 1), (1, 5, 2), (7, 11, 1), (3, 3, 3)]:
        x, lengths = randn(*shape), randint(1, shape[1] + 1, shape[0])
        close(last_real(x, lengths), _last_by_loop(x, lengths), say=f"x of shape {shape}")


def test_ids_are_counted_by_hand(count):
    """Of the ids 2 0 2 2 and a vocabulary of 4, the counts are 1 0 3 0."""
    equal(count(torch.tensor([2, 0, 2, 2]), 4), torch.tensor([1, 0, 3, 0]))
    equal(count(torch.tensor([0, 0]), 1), torch.tensor([2]))


def test_ids_of_any_shape_are_counted_together(count, randint):
    """The counts are those of all entries of ids, in whatever shape, also of no entries."""
    for shape in [(7,), (2, 3), (5, 1, 2, 3), (1,), ()]:
        ids = randint(0, 5, *shape)
        want = torch.bincount(ids.flatten(), minlength=11)
        equal(count(ids, 11), want, say=f"ids of shape {shape}, of a vocabulary of 11")
    for shape in [(0,), (0, 5), (3, 0)]:
        empty = torch.zeros(shape, dtype=torch.int64)
        equal(count(empty, 3), torch.zeros(3, dtype=torch.int64), say=f"ids of shape {shape}")


def test_the_picked_entry_is_exactly_that_of_x(pick, randn, randint):
    """What is picked is unchanged, in any dtype, with NaN and infinity beside it or in it."""
    ids = torch.tensor([[0, 2], [1, 1]])
    for special in (math.inf, -math.inf, math.nan):
        x = randn(2, 2, 3)
        want = _pick_by_loop(x, ids)
        others = torch.ones(2, 2, 3, dtype=torch.bool).scatter(2, ids.unsqueeze(2), False)
        equal(pick(x.masked_fill(others, special), ids), want, say=f"all other entries {special}")
    x = torch.full((1, 2, 3), -math.inf)
    equal(pick(x, ids[:1]), torch.full((1, 2), -math.inf), say="all entries -inf")
    for dtype in (torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.bool):
        x = randint(0, 2, 2, 2, 3).to(dtype)
        equal(pick(x, ids), _pick_by_loop(x, ids), say=f"x of {dtype}")
    x = 2**53 + randint(0, 1000, 2, 2, 3)
    equal(pick(x, ids), _pick_by_loop(x, ids), say="integers that no float can hold")


def test_padding_changes_nothing(last_real, randn, randint):
    """NaN or infinity in the padding changes nothing, in any dtype of x."""
    lengths = torch.tensor([2, 3, 1])
    padding = torch.arange(3) >= lengths.unsqueeze(1)
    for special in (math.nan, math.inf):
        x = randn(3, 3, 2)
        got = last_real(x.masked_fill(padding.unsqueeze(2), special), lengths)
        equal(got, _last_by_loop(x, lengths), say=f"padding of {special}")
    for dtype in (torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.bool):
        x = randint(0, 2, 3, 3, 2).to(dtype)
        equal(last_real(x, lengths), _last_by_loop(x, lengths), say=f"x of {dtype}")
    x = 2**53 + randint(0, 1000, 3, 3, 2)
    equal(last_real(x, lengths), _last_by_loop(x, lengths), say="integers that no float can hold")


def test_ids_outside_the_vocabulary_are_not_picked(pick, randn):
    """An id of V or more, or below 0, raises IndexError."""
    x = randn(2, 2, 3)
    for ids in ([[0, 3], [0, 0]], [[0, 0], [-1, 0]], [[-3, 0], [0, 0]], [[1, 2], [2, 100]]):
        with pytest.raises(IndexError):
            pick(x, torch.tensor(ids))


def test_impossible_lengths_are_refused(last_real, randn):
    """A length of 0, below 0 or above T raises IndexError."""
    x = randn(2, 3, 5)
    for lengths in ([0, 2], [2, 0], [-1, 3], [3, 4], [1, 100]):
        with pytest.raises(IndexError):
            last_real(x, torch.tensor(lengths))


def test_ids_outside_the_vocabulary_are_not_counted(count):
    """An id of V or more, or below 0, raises IndexError instead of being left out."""
    for ids in ([0, 3], [3], [-1, 0], [[0, 1], [-3, 2]], [100, 0]):
        with pytest.raises(IndexError):
            count(torch.tensor(ids), 3)


def test_a_large_vocabulary_is_counted(count, randint, room):
    """10,007 ids of a vocabulary of 50,257 are counted in 256 MiB of memory."""
    ids = randint(0, 50_257, 10_007)
    ids[:1000] = 50_256
    # A table takes 480 MiB with one byte for each pair; honest answers need 2 MiB or so.
    room(256)
    equal(count(ids, 50_257), torch.bincount(ids, minlength=50_257))


def test_the_layout_in_memory_makes_no_difference(pick, last_real, count, randn, randint):
    """Transposed, strided and expanded tensors give what copies of them give."""
    x, ids = randn(2, 5, 3).transpose(1, 2), randint(0, 5, 3, 2).T
    close(pick(x, ids), _pick_by_loop(x, ids), say="pick, x and ids transposed")
    equal(count(ids, 5), torch.bincount(ids.flatten(), minlength=5), say="count, ids transposed")
    x, lengths = randn(4, 3, 5).transpose(0, 1)[:, ::2], randint(1, 3, 6)[::2]
    close(last_real(x, lengths), _last_by_loop(x, lengths), say="last_real, strided views")
    x, ids = randn(3, 5).unsqueeze(0).expand(2, 3, 5), randint(0, 5, 3).expand(2, 3)
    close(pick(x, ids), _pick_by_loop(x, ids), say="pick, one sequence expanded to two")
    equal(count(ids, 5), torch.bincount(ids.flatten(), minlength=5), say="count, ids expanded")


def test_the_gradient_is_in_the_picked_entries_alone(pick, randn, randint):
    """The upstream gradient of [b, t] is that of entry ids[b, t]; all other gradients are 0."""
    x, ids, upstream = randn(2, 3, 5), randint(0, 5, 2, 3), randn(2, 3)
    (got, _) = gradients(pick, x, ids, upstream=upstream)
    want = torch.zeros(2, 3, 5)
    for b, t in torch.cartesian_prod(torch.arange(2), torch.arange(3)).tolist():
        want[b, t, ids[b, t]] = upstream[b, t]
    close(got, want, say="the gradient of x")


def test_the_gradient_is_in_the_last_real_positions_alone(last_real, randn):
    """The upstream gradient of [b] is that of position lengths[b] - 1; the others get 0."""
    x, lengths, upstream = randn(3, 5, 2), torch.tensor([2, 5, 1]), randn(3, 2)
    (got, _) = gradients(last_real, x, lengths, upstream=upstream)
    want = torch.zeros(3, 5, 2)
    for b in range(3):
        want[b, lengths[b] - 1] = upstream[b]
    close(got, want, say="the gradient of x")


def test_results_share_no_memory_and_inputs_stay(pick, last_real, count, randn, live, beside):
    """A result that the caller sets to zero leaves x as it was, and no call changes an input."""
    x, ids, lengths = randn(1, 1, 3), torch.tensor([[1]]), torch.tensor([1])
    one, zeros = randn(2, 3, 1), torch.zeros(2, 3, dtype=torch.int64)  # a single token
    for function, given, index in [(pick, x, ids), (last_real, x, lengths), (pick, one, zeros)]:
        mine = live(given.clone())
        results = beside("builtins.map")(function, [mine], [index])
        # Set to zero where they live, as a caller may.
        beside("builtins.list")(beside("builtins.map")(beside("torch.zero_"), results))
        equal(value(mine), given, say="x, after the caller has set the result to zero")
    x, ids, lengths = randn(2, 3, 5), torch.tensor([[0, 4, 1], [2, 2, 3]]), torch.tensor([3, 1])
    before = x.clone(), ids.clone(), lengths.clone()
    pick(x, ids)
    last_real(x, lengths)
    count(ids, 5)
    for name, now, then in zip(["x", "ids", "lengths"], (x, ids, lengths), before, strict=True):
        equal(now, then, say=f"{name} was changed in place")


def _pick_by_loop(x, ids):
    """Return the entry of each position, one after the other."""
    want = torch.empty(ids.shape, dtype=x.dtype)
    for b in range(x.shape[0]):
        for t in range(x.shape[1]):
            want[b, t] = x[b, t, int(ids[b, t])]
    return want


def _last_by_loop(x, lengths):
    """Return each sequence's last real vector, one after the other."""
    return torch.stack([x[b, int(lengths[b]) - 1] for b in range(x.shape[0])])
