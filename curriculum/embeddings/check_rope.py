"""What is asked of rotary positions."""

import math

import pytest
import torch

from grader.engine.expect import close, equal, formed, holds, shaped
from grader.engine.side import gradients


def test_the_result_has_the_shape_and_dtype_of_x(rope, randn):
    """The result has the shape and the dtype of what went in, batches and heads included."""
    for shape in [(3, 4), (2, 3, 4), (2, 5, 3, 10), (7, 2)]:
        shaped(rope(randn(*shape)), shape, torch.float32, say=f"x of shape {shape}")
    for dtype in (torch.float64, torch.bfloat16, torch.float16):
        shaped(rope(randn(2, 3, 4, dtype=dtype)), (2, 3, 4), dtype, say=f"x in {dtype}")


def test_a_quarter_turn_by_hand(rope):
    """At position 1 the pair (1, 0) becomes (cos 1, sin 1), and (0, 1) becomes (-sin 1, cos 1)."""
    cos, sin = math.cos(1), math.sin(1)
    got = rope(torch.tensor([[1.0, 0.0], [1.0, 0.0]]))
    close(got, torch.tensor([[1.0, 0.0], [cos, sin]]), say="(1, 0)")
    got = rope(torch.tensor([[0.0, 1.0], [0.0, 1.0]]))
    close(got, torch.tensor([[0.0, 1.0], [-sin, cos]]), say="(0, 1)")


def test_pairs_are_half_a_vector_apart(rope):
    """Of four numbers, the first turns with the third by 1, the second with the fourth by 1/100."""
    got = rope(torch.tensor([[2.0, 3.0, 0.0, 0.0]]), start=1)
    want = [2 * math.cos(1), 3 * math.cos(0.01), 2 * math.sin(1), 3 * math.sin(0.01)]
    close(got, torch.tensor([want]), say="number j turns with number j + D/2")


def test_position_0_changes_nothing(rope, randn):
    """The first row, at position 0, comes out as it went in."""
    x = randn(2, 3, 6)
    got = rope(x)
    formed(got, "float32 tensor 2x3x6", "rope(x)")
    close(got[:, 0], x[:, 0])


def test_each_vector_is_turned_by_its_position(rope, randn, rng):
    """Fresh vectors, starts and bases give what complex numbers give, turned one by one."""
    for _ in range(5):
        length, width = rng.randint(2, 11), 2 * rng.randint(1, 9)
        start, base = rng.choice([0, 1, 17]), rng.choice([10_000.0, 500_000.0, 100.0])
        x = randn(2, 3, length, width)
        say = f"T {length}, D {width}, start {start}, base {base:g}"
        # Angles up to 28 in float32 are right to a few millionths.
        close(rope(x, start, base), _by_loop(x, start, base), atol=1e-4, say=say)
    x = randn(5, 6)
    close(rope(x), _by_loop(x, 0, 10_000.0), atol=1e-4, say="start is 0 and base 10000 by default")


def test_lengths_stay_as_they_were(rope, randn):
    """A rotation changes the length of no pair, however far the position."""
    x = randn(3, 5, 14)
    for start in (0, 7, 5000):
        got = rope(x, start=start)
        formed(got, "float32 tensor 3x5x14", "rope(x)")
        pairs, before = (part.unflatten(-1, (2, 7)).norm(dim=-2) for part in (got, x))
        close(pairs, before, say=f"the length of each pair from position {start} on")


def test_dot_products_depend_on_the_distance_alone(rope, randn):
    """A query and a key give the same dot product when both stand further on."""
    q, k = randn(5, 10), randn(5, 10)
    before = _products(rope(q), rope(k))
    for start in (1, 13, 300):
        after = _products(rope(q, start), rope(k, start))
        # At position 300 an angle is right to 3e-5, beside products around 3.
        close(after, before, atol=2e-3, say=f"both {start} positions further on")
    moved = _products(rope(q, 1), rope(k))
    holds(not torch.allclose(moved, before, atol=1e-2), "distances count", got=moved)


def test_a_row_comes_out_the_same_alone(rope, randn):
    """Row t with start t is row t of the whole, as a cache of keys needs it."""
    x = randn(2, 11, 6)
    whole = rope(x.clone(), start=3)
    formed(whole, "float32 tensor 2x11x6", "rope(x, start=3)")
    for t in (0, 4, 10):
        alone = rope(x[:, t : t + 1].clone(), start=3 + t)
        close(alone, whole[:, t : t + 1], say=f"row {t} alone")
    close(rope(x[:, 7:].clone(), start=10), whole[:, 7:], say="the last four rows")


def test_bfloat16_is_turned_by_exact_angles(rope, randn):
    """At position 1,001 a vector in bfloat16 is turned as one in float32, but for its rounding."""
    x = randn(3, 6, dtype=torch.bfloat16)
    got = rope(x, start=1001)
    # Numbers up to 4 keep eight bits, 1/256 of their size; 1001 itself would become 1000.
    want = _by_loop(x.float(), 1001, 10_000.0).bfloat16()
    close(got, want, atol=3e-2, rtol=2e-2)


def test_x_stays_as_it_was(rope, randn):
    """The rotated vectors are a new tensor, and the input is left alone."""
    x = randn(3, 4)
    before = x.clone()
    rope(x, start=5)
    equal(x, before, say="the input has changed")


def test_gradients_are_turned_back(rope, randn):
    """The gradient of x is what came from above, turned by the same angles the other way."""
    x, upstream = randn(2, 5, 6), randn(2, 5, 6)
    (got,) = gradients(rope, x, start=2, upstream=upstream)
    close(got, _by_loop(upstream, 2, 10_000.0, -1), atol=1e-4, say="the gradient of x")


def test_an_odd_width_is_refused(rope, randn):
    """A vector with an odd number of numbers raises ValueError."""
    for width in (1, 3, 7):
        with pytest.raises(ValueError):
            rope(randn(2, 5, width))


def _products(q, k):
    """Every query with every key, once it is known that they are tables."""
    formed(q, "float32 tensor 5x10", "rope(q)")
    formed(k, "float32 tensor 5x10", "rope(k)")
    return q @ k.T


def _by_loop(x, start, base, sign=1):
    """Each pair as a complex number times e^(i angle), one position after the other."""
    half = x.shape[-1] // 2
    y = torch.empty_like(x)
    for t in range(x.shape[-2]):
        for j in range(half):
            angle = sign * (start + t) * base ** (-2 * j / (2 * half))
            left, right = x[..., t, j].double(), x[..., t, j + half].double()
            turned = torch.complex(left, right) * complex(math.cos(angle), math.sin(angle))
            y[..., t, j], y[..., t, j + half] = turned.real.to(x), turned.imag.to(x)
    return y
