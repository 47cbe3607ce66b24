"""The checks of rotary positions."""

import math

import pytest
import torch

from grader.checks import close, equal, formed, gradients, holds, shaped, value


def test_the_result_has_the_shape_and_dtype_of_x(rope, randn):
    """The result has the shape and the dtype of x, with any leading dimensions."""
    for shape in [(3, 4), (2, 3, 4), (2, 5, 3, 10), (7, 2)]:
        shaped(rope(randn(*shape)), shape, torch.float32, say=f"x of shape {shape}")
    for dtype in (torch.float64, torch.bfloat16, torch.float16):
        shaped(rope(randn(2, 3, 4, dtype=dtype)), (2, 3, 4), dtype, say=f"x in {dtype}")


def test_a_rotation_by_hand(rope):
    """At position 1 the pair (1, 0) becomes (cos 1, sin 1), and (0, 1) becomes (-sin 1, cos 1)."""
    cos, sin = math.cos(1), math.sin(1)
    got = rope(torch.tensor([[1.0, 0.0], [1.0, 0.0]]))
    close(got, torch.tensor([[1.0, 0.0], [cos, sin]]), say="(1, 0)")
    got = rope(torch.tensor([[0.0, 1.0], [0.0, 1.0]]))
    close(got, torch.tensor([[0.0, 1.0], [-sin, cos]]), say="(0, 1)")


def test_pairs_are_half_a_vector_apart(rope):
    """With D = 4, features 0 and 2 are rotated by 1, features 1 and 3 by 1/100."""
    got = rope(torch.tensor([[2.0, 3.0, 0.0, 0.0]]), start=1)
    want = [2 * math.cos(1), 3 * math.cos(0.01), 2 * math.sin(1), 3 * math.sin(0.01)]
    close(got, torch.tensor([want]), say="feature j is rotated together with feature j + D/2")


def test_position_0_changes_nothing(rope, randn):
    """The first row, at position 0, is not changed."""
    x = randn(2, 3, 6)
    got = rope(x)
    formed(got, "float32 tensor 2x3x6", "rope(x)")
    close(got[:, 0], x[:, 0])


def test_each_vector_is_rotated_by_its_position(rope, randn, rng):
    """Random vectors, starts and bases give the same as a slow loop over complex numbers."""
    for _ in range(5):
        length, width = rng.randint(2, 11), 2 * rng.randint(1, 9)
        start, base = rng.choice([0, 1, 17]), rng.choice([10_000.0, 500_000.0, 100.0])
        x = randn(2, 3, length, width)
        say = f"T {length}, D {width}, start {start}, base {base:g}"
        # Angles up to 28 have an error of a few millionths in float32.
        close(rope(x, start, base), _by_loop(x, start, base), atol=1e-4, say=say)
    x = randn(5, 6)
    close(rope(x), _by_loop(x, 0, 10_000.0), atol=1e-4, say="start is 0 and base 10000 by default")


def test_positions_run_along_the_second_last_dimension(rope, randn):
    """Of a tensor (B, H, T, D) every head is rotated alike, also if x is a transposed view."""
    for shape in [(2, 5, 3, 10), (3, 2, 7, 4), (5, 1, 3, 2), (3, 3, 3, 4)]:
        x = randn(*shape)
        close(rope(x, 1), _by_loop(x, 1, 10_000.0), atol=1e-4, say=f"x of shape {shape}, start 1")
    x = randn(2, 7, 3, 10).transpose(1, 2)
    say = "x that is a transposed view, of shape (2, 3, 7, 10)"
    close(rope(x, 1), _by_loop(x, 1, 10_000.0), atol=1e-4, say=say)


def test_norms_do_not_change(rope, randn):
    """A rotation does not change the norm of any pair, at any position."""
    x = randn(3, 5, 14)
    for start in (0, 7, 5000):
        got = rope(x, start=start)
        formed(got, "float32 tensor 3x5x14", "rope(x)")
        pairs, before = (part.unflatten(-1, (2, 7)).norm(dim=-2) for part in (got, x))
        close(pairs, before, say=f"the norm of each pair, from position {start} on")


def test_dot_products_depend_on_the_distance_alone(rope, randn):
    """Moving a query and a key by the same number of positions keeps their dot product."""
    q, k = randn(5, 10), randn(5, 10)
    before = _products(rope(q), rope(k))
    for start in (1, 13, 300):
        after = _products(rope(q, start), rope(k, start))
        # At position 300 an angle has an error of 3e-5; the products are around 3.
        close(after, before, atol=2e-3, say=f"both moved by {start} positions")
    moved = _products(rope(q, 1), rope(k))
    holds(
        not torch.allclose(moved, before, atol=1e-2),
        "another distance gives another dot product",
        got=moved,
    )


def test_a_row_comes_out_the_same_alone(rope, randn):
    """Row t alone, with start t, equals row t of the whole, as a KV cache needs it."""
    x = randn(2, 11, 6)
    whole = rope(x.clone(), start=3)
    formed(whole, "float32 tensor 2x11x6", "rope(x, start=3)")
    for t in (0, 4, 10):
        alone = rope(x[:, t : t + 1].clone(), start=3 + t)
        close(alone, whole[:, t : t + 1], say=f"row {t} alone")
    close(rope(x[:, 7:].clone(), start=10), whole[:, 7:], say="the last four rows")


def test_distant_positions_are_right(rope, randn):
    """Positions beyond 1,000, 5,000 and 100,000 are rotated by their own angles."""
    for start in (1027, 2053, 5003, 40_009, 100_003):
        x = randn(2, 3, 10)
        # In float32 an angle has an error of about 1e-7 of the position.
        want, say = _by_loop(x, start, 10_000.0), f"start {start}"
        close(rope(x, start), want, atol=4e-6 * start, rtol=0, say=say)


def test_nothing_is_kept_between_calls(rope, randn):
    """Calls after one another, with another start or base, each give their own result."""
    x = randn(5, 22)
    for start, base in [(3, 100.0), (3, 10_000.0), (0, 10_000.0), (19, 10_000.0), (0, 100.0)]:
        for rows in (x, x[:1]):
            say = f"a later call, T {len(rows)}, start {start}, base {base:g}"
            close(rope(rows, start, base), _by_loop(rows, start, base), atol=1e-4, say=say)


def test_half_precision_is_rotated_by_float32_angles(rope, randn):
    """In bfloat16 and float16, position 5,003 is rotated as in float32, except for rounding."""
    for dtype in (torch.bfloat16, torch.float16):
        x = randn(3, 10, dtype=dtype)
        # Numbers up to 4 are rounded to 8 bits, 1/256 of their size; 5003 would become 4992.
        want = _by_loop(x.float(), 5003, 10_000.0).to(dtype)
        close(rope(x, start=5003), want, atol=4e-2, rtol=2e-2, say=f"x in {dtype}")


def test_x_stays_as_it_was(rope, randn):
    """The result is a new tensor; x is not changed."""
    x = randn(3, 4)
    before = x.clone()
    rope(x, start=5)
    equal(x, before, say="x was changed in place")


def test_the_result_is_a_tensor_of_its_own(rope, randn, live, beside):
    """A result that the caller changes in place leaves x as it was, also at position 0."""
    before = [randn(1, 4), randn(3, 1, 6), randn(2, 3, 4)]
    given = [live(x.clone()) for x in before]
    # Set to zero where they live, as a caller may.
    results = beside("builtins.map")(rope, given)
    beside("builtins.list")(beside("builtins.map")(beside("torch.zero_"), results))
    for x, want in zip(given, before, strict=True):
        say = f"x of shape {tuple(want.shape)}, after the caller has set the result to zero"
        equal(value(x), want, say=say)


def test_gradients_are_rotated_back(rope, randn):
    """The gradient of x is the upstream gradient, rotated by the negative angles."""
    x, upstream = randn(2, 5, 6), randn(2, 5, 6)
    (got,) = gradients(rope, x, start=2, upstream=upstream)
    close(got, _by_loop(upstream, 2, 10_000.0, -1), atol=1e-4, say="the gradient of x")


def test_an_odd_width_is_refused(rope, randn):
    """A vector with an odd number of features raises ValueError."""
    for width in (3, 1, 7):
        with pytest.raises(ValueError):
            rope(randn(2, 5, width))


def _products(q, k):
    """Return the dot product of every query with every key, after checking their shapes."""
    formed(q, "float32 tensor 5x10", "rope(q)")
    formed(k, "float32 tensor 5x10", "rope(k)")
    return q @ k.T


def _by_loop(x, start, base, sign=1):
    """Return each pair as a complex number times e^(i angle), position by position."""
    half = x.shape[-1] // 2
    y = torch.empty_like(x)
    for t in range(x.shape[-2]):
        for j in range(half):
            angle = sign * (start + t) * base ** (-2 * j / (2 * half))
            left, right = x[..., t, j].double(), x[..., t, j + half].double()
            rotated = torch.complex(left, right) * complex(math.cos(angle), math.sin(angle))
            y[..., t, j], y[..., t, j + half] = rotated.real.to(x), rotated.imag.to(x)
    return y
