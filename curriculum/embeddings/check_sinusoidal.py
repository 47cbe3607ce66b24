"""The checks of sinusoidal positions."""

import math

import pytest
import torch

from grader.checks import close, formed, shaped


def test_the_table_has_a_row_for_each_position(sinusoidal):
    """The result is a float32 tensor of shape (T, C)."""
    for length, width in [(3, 4), (1, 2), (7, 10)]:
        say = f"sinusoidal({length}, {width})"
        shaped(sinusoidal(length, width), (length, width), torch.float32, say=say)


def test_position_0_is_zeros_and_ones(sinusoidal):
    """At position 0 each sine is 0 and each cosine is 1, alternating."""
    got = sinusoidal(3, 6)
    formed(got, "float32 tensor 3x6", "sinusoidal(3, 6)")
    close(got[0], torch.tensor([0.0, 1.0, 0.0, 1.0, 0.0, 1.0]))


def test_two_positions_worked_by_hand(sinusoidal):
    """With C = 4 the angles at position 1 are 1 and 1/100, at position 2 twice that."""
    want = [[0.0, 1.0, 0.0, 1.0]]
    want += [[math.sin(t), math.cos(t), math.sin(t / 100), math.cos(t / 100)] for t in (1, 2)]
    close(sinusoidal(3, 4), torch.tensor(want))


def test_each_entry_follows_the_rule(sinusoidal, rng):
    """Every entry is the sine or the cosine of t / 10000^(2i / C)."""
    for _ in range(5):
        length, width = rng.randint(2, 40), 2 * rng.randint(1, 13)
        # Angles up to 40 have an error of a few millionths in float32.
        want = _by_loop(range(length), width)
        close(sinusoidal(length, width), want, atol=1e-4, say=f"sinusoidal({length}, {width})")


def test_far_positions_are_right(sinusoidal):
    """For positions up to 1,000 the error is at most 1e-3."""
    got = sinusoidal(1001, 22)
    formed(got, "float32 tensor 1001x22", "sinusoidal(1001, 22)")
    # An angle of 1,000 has an error of about 1e-4 in float32, and so has its sine.
    close(got[990:], _by_loop(range(990, 1001), 22), atol=1e-3, rtol=0)


def test_no_number_of_positions_is_too_large(sinusoidal):
    """A table can have 10,001 rows; for positions up to 10,000 the error is at most 1e-2."""
    got = sinusoidal(10_001, 4)
    formed(got, "float32 tensor 10001x4", "sinusoidal(10_001, 4)")
    for start in (4990, 9990):
        want = _by_loop(range(start, start + 11), 4)
        say = f"rows {start} to {start + 10} of sinusoidal(10_001, 4)"
        close(got[start : start + 11], want, atol=1e-2, rtol=0, say=say)


def test_each_vector_has_the_same_length(sinusoidal):
    """The squares of a sine and a cosine of one angle sum to 1, so the norm is sqrt(C/2)."""
    got = sinusoidal(11, 14)
    formed(got, "float32 tensor 11x14", "sinusoidal(11, 14)")
    pairs = got.square().reshape(11, 7, 2).sum(dim=-1)
    close(pairs, torch.ones(11, 7), say="sin² + cos² of each pair")


def test_dot_products_depend_on_the_distance_alone(sinusoidal):
    """The dot product of two positions depends only on their distance."""
    got = sinusoidal(13, 10)
    formed(got, "float32 tensor 13x10", "sinusoidal(13, 10)")
    products = got @ got.T
    for distance in (0, 1, 5):
        along = products.diagonal(distance)
        want = sum(math.cos(distance / 10_000 ** (2 * i / 10)) for i in range(5))
        close(along, torch.full_like(along, want), atol=1e-4, say=f"positions {distance} apart")


def test_a_longer_table_begins_with_a_shorter_one(sinusoidal):
    """A position has the same vector in a table of any length."""
    long = sinusoidal(17, 6)
    formed(long, "float32 tensor 17x6", "sinusoidal(17, 6)")
    for length in (1, 2, 11):
        close(sinusoidal(length, 6), long[:length], say=f"the first {length} of 17 positions")


def test_each_call_returns_a_tensor_of_its_own(sinusoidal, beside):
    """A table that the caller changes has no effect on later tables."""
    tables = beside("builtins.map")(sinusoidal, [7, 7, 3], [4, 6, 4])
    # Set to zero where they live, as a caller may.
    beside("builtins.list")(beside("builtins.map")(beside("torch.zero_"), tables))
    for length, width in [(7, 4), (7, 6), (3, 4), (5, 4)]:
        say = f"sinusoidal({length}, {width}), after the caller has set earlier tables to zero"
        close(sinusoidal(length, width), _by_loop(range(length), width), atol=1e-4, say=say)


def test_a_width_without_pairs_is_refused(sinusoidal):
    """A width that is odd or below 2 raises ValueError."""
    for width in (3, 1, 7, 0, -2):
        with pytest.raises(ValueError):
            sinusoidal(5, width)


def _by_loop(positions, width):
    """Return the table by its definition, entry by entry."""
    rows = []
    for t in positions:
        angles = [t / 10_000 ** (2 * (c // 2) / width) for c in range(width)]
        rows.append([math.cos(a) if c % 2 else math.sin(a) for c, a in enumerate(angles)])
    return torch.tensor(rows)
