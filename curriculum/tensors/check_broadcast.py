"""The checks of broadcasting."""

import pytest
import torch

from grader.checks import close, equal, gradients, holds, value


def test_two_shapes_worked_by_hand(broadcast_shape):
    """Shapes (2, 3, 1) and (5,) broadcast to (2, 3, 5); (5, 1, 2) and (3, 1) to (5, 3, 2)."""
    equal(broadcast_shape((2, 3, 1), (5,)), (2, 3, 5))
    equal(broadcast_shape((5, 1, 2), (3, 1)), (5, 3, 2))
    equal(broadcast_shape((3, 1), (5, 1, 2)), (5, 3, 2), say="the shorter shape first")


def test_shapes_are_aligned_at_their_last_dimensions(broadcast_shape):
    """Shape (3,) goes with (2, 3), whose last size is 3, and shape (2,) does not."""
    equal(broadcast_shape((2, 3), (3,)), (2, 3))
    equal(broadcast_shape((2,), (3, 2)), (3, 2))
    for shapes in [((2, 3), (2,)), ((3,), (3, 5)), ((2, 3, 5), (2, 3))]:
        with pytest.raises(ValueError):
            broadcast_shape(*shapes)


def test_any_number_of_shapes_can_be_given(broadcast_shape):
    """No shape gives (), one shape gives itself, and four shapes are broadcast together."""
    equal(broadcast_shape(), ())
    for shape in [(), (1,), (7,), (2, 1, 3), (1, 1)]:
        equal(broadcast_shape(shape), shape, say="one shape alone")
    equal(broadcast_shape((), ()), (), say="two shapes without dimensions")
    equal(broadcast_shape((), (2, 1)), (2, 1), say="a shape without dimensions goes with any")
    equal(broadcast_shape((3,), (2, 1), (), (5, 1, 1)), (5, 2, 3))


def test_random_shapes_give_what_pytorch_gives(broadcast_shape, rng):
    """For 200 random lists of shapes the result is that of PyTorch's tensors, or ValueError."""
    for _ in range(200):
        shapes = _draw_shapes(rng)
        try:
            # Not torch.broadcast_shapes: its first call loads SymPy, which takes seconds.
            want = tuple(torch.broadcast_tensors(*map(torch.empty, shapes))[0].shape)
        except RuntimeError:
            with pytest.raises(ValueError):
                broadcast_shape(*shapes)
        else:
            equal(broadcast_shape(*shapes), want)


def test_sizes_that_differ_are_refused(broadcast_shape):
    """Two sizes that differ, and of which neither is 1, raise ValueError in any dimension."""
    apart = [((2,), (3,)), ((3,), (2,)), ((2,), (4,)), ((3, 5), (2, 5)), ((2, 1, 7), (3, 1, 1))]
    for shapes in [*apart, ((2,), (1,), (3,)), ((5, 1), (1, 2), (3, 1)), ((2,), (2,), (3,))]:
        with pytest.raises(ValueError):
            broadcast_shape(*shapes)


def test_zero_is_a_size_like_any_other(broadcast_shape):
    """Sizes 0 and 1 give 0, sizes 0 and 0 give 0, and sizes 0 and 3 raise ValueError."""
    equal(broadcast_shape((0,), (1,)), (0,))
    equal(broadcast_shape((2, 1), (1, 0)), (2, 0))
    equal(broadcast_shape((0, 3), (0, 1), (3,)), (0, 3))
    equal(broadcast_shape((), (0,)), (0,))
    for shapes in [((0,), (3,)), ((3,), (0,)), ((2, 0), (2, 2))]:
        with pytest.raises(ValueError):
            broadcast_shape(*shapes)


def test_sizes_may_be_larger_than_any_memory(broadcast_shape):
    """Sizes of a million millions are only numbers: no tensor is needed to compare them."""
    large = 10**12
    equal(broadcast_shape((large, 1), (large,), (3, 1, 1)), (3, large, large))
    with pytest.raises(ValueError):
        broadcast_shape((large,), (large + 1,))


def test_squared_distances_worked_by_hand(squared_distances):
    """The points (0, 0) and (3, 4) are 25 apart, squared; each is 0 from itself."""
    a = torch.tensor([[0.0, 0.0], [3.0, 4.0]])
    b = torch.tensor([[3.0, 4.0], [0.0, 0.0], [3.0, -1.0]])
    close(squared_distances(a, b), torch.tensor([[25.0, 0.0, 10.0], [0.0, 25.0, 25.0]]))


def test_row_i_and_column_j_belong_to_a_i_and_b_j(squared_distances, randn):
    """Output [i, j] is about row i of a and row j of b, also where N, M and C are equal."""
    # Equal sizes first: with others, numbers in the wrong place are often an error of PyTorch's.
    square = [(3, 3, 5), (3, 3, 3), (2, 2, 1), (1, 1, 1)]
    for n, m, c in [*square, (2, 3, 5), (3, 2, 1), (1, 5, 2), (5, 1, 2), (2, 5, 2), (5, 2, 2)]:
        a, b = randn(n, c), randn(m, c)
        _claim_distances(squared_distances(a, b), a, b, f"N = {n}, M = {m}, C = {c}")


def test_values_of_any_size_and_float64(squared_distances, beside, randn):
    """Coordinates near 0.0001, 0.01, 100, 10 and -10 give right distances, in both dtypes."""
    for dtype in (torch.float32, torch.float64):
        for scale, shift in [(1e-4, 0.0), (0.01, 0.0), (100.0, 0.0), (1.0, 10.0), (1.0, -10.0)]:
            a = scale * randn(5, 7, dtype=dtype) + shift
            b = scale * randn(3, 7, dtype=dtype) + shift
            say = f"{dtype}, coordinates near {shift or scale:g}"
            _claim_distances(squared_distances(a, b), a, b, say)
    a, b = randn(5, 7), randn(3, 7)
    a[4] = 1e4
    say = "one point far away from the others, whose distances are as right as without it"
    # The far point's own distances stay there: beside them, other errors would look like rounding.
    near = beside("functools.partial")(beside("torch.narrow"), dim=0, start=0, length=4)
    results = beside("builtins.map")(near, beside("builtins.map")(squared_distances, [a], [b]))
    (got,) = value(beside("builtins.list")(results))
    _claim_distances(got, a[:4], b, say)


def test_no_squared_distance_is_negative(squared_distances, randn):
    """Of points that coincide or nearly do, no squared distance is below 0."""
    for dtype in (torch.float32, torch.float64):
        a = 3 * randn(61, 31, dtype=dtype)
        b = torch.cat([a, a * (1 + 1e-7), a[:, :1].expand(61, 31)])
        got = squared_distances(a, b)
        _claim_distances(got, a, b, f"{dtype}, b holds the points of a")
        holds(bool((got >= 0).all()), "no squared distance is negative", got=float(got.min()))


def test_the_layout_in_memory_makes_no_difference(squared_distances, randn):
    """Transposed, strided and expanded points give what copies of them give."""
    a, b = randn(5, 3).T, randn(7, 10)[:, ::2]
    _claim_distances(squared_distances(a, b), a, b, "a transposed, and every second column as b")
    a, b = randn(5).expand(3, 5), randn(5, 2).T
    _claim_distances(squared_distances(a, b), a, b, "one row expanded to three as a")
    _claim_distances(squared_distances(b, b), b, b, "the same points as a and b")


def test_a_million_pairs_take_little_memory(squared_distances, randn, room):
    """For N = 1009, M = 1013 and C = 67, 128 MiB of memory and 5 seconds are enough."""
    a, b = randn(1009, 67), randn(1013, 67)
    got = squared_distances(a[:7], b[:5])  # whatever is set up once is set up
    _claim_distances(got, a[:7], b[:5], "a few of the points")
    # (N, M) takes 4 MiB in float32, and (N, M, C) takes 261: honest answers need 40 MiB or so,
    # also in float64, feature by feature, or in blocks of rows.
    room(128)
    _claim_distances(squared_distances(a, b), a, b, "N = 1009, M = 1013, C = 67")


def test_the_gradients_are_those_of_the_formula(squared_distances, randn):
    """The gradients of a and b equal those that autograd computes from the definition."""
    a, b, upstream = (randn(*shape, dtype=torch.float64) for shape in [(3, 5), (2, 5), (3, 2)])
    got = gradients(squared_distances, a, b, upstream=upstream)
    twins = [part.clone().requires_grad_() for part in (a, b)]
    differences = twins[0].unsqueeze(1) - twins[1]
    (differences.square().sum(dim=-1) * upstream).sum().backward()
    for name, found, twin in zip("ab", got, twins, strict=True):
        close(found, twin.grad, say=f"the gradient of {name}")


def test_the_inputs_stay_as_they_were(squared_distances, randn):
    """squared_distances does not change a and b."""
    a, b = randn(3, 5), randn(2, 5)
    before = a.clone(), b.clone()
    squared_distances(a, b)
    equal(a, before[0], say="the call changed a; return a new tensor")
    equal(b, before[1], say="the call changed b; return a new tensor")


def _draw_shapes(rng):
    """Return shapes that mostly go together, in one case of four with one size that may not."""
    whole = [rng.choice((0, 1, 2, 3, 5)) for _ in range(rng.randrange(5))]
    shapes = []
    for _ in range(rng.randrange(1, 5)):
        shape = [size if rng.random() < 0.7 else 1 for size in whole]
        shapes.append(tuple(shape[rng.randrange(len(shape) + 1) :]))
    if rng.random() < 0.25:
        at = rng.randrange(len(shapes))
        changed = [*shapes[at], rng.choice((0, 2, 3, 5))]
        shapes[at] = tuple(changed[rng.randrange(2) :])
    return shapes


def _claim_distances(got, a, b, say):
    """Claim the squared distances of the definition, as accurate as the contract asks."""
    wide = a.double(), b.double()
    want = torch.cdist(*wide, compute_mode="donot_use_mm_for_euclid_dist").square().to(a.dtype)
    largest = sum(float(part.square().sum(dim=1).max()) for part in wide)
    close(got, want, atol=1e-5 * largest, rtol=0, say=say)
