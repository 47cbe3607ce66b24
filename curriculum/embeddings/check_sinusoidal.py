"""What is asked of sinusoidal positions."""

import math

import pytest
import torch

from grader.engine.expect import close, formed, shaped


def test_the_table_has_a_row_for_each_position(sinusoidal):
    """The result is a float32 tensor of shape (T, C)."""
    for length, width in [(3, 4), (1, 2), (7, 10)]:
        say = f"sinusoidal({length}, {width})"
        shaped(sinusoidal(length, width), (length, width), torch.float32, say=say)


def test_position_0_is_zeros_and_ones(sinusoidal):
    """At position 0 every sine is 0 and every cosine 1, in turn."""
    got = sinusoidal(3, 6)
    formed(got, "float32 tensor 3x6", "sinusoidal(3, 6)")
    close(got[0], torch.tensor([0.0, 1.0, 0.0, 1.0, 0.0, 1.0]))


def test_two_positions_worked_by_hand(sinusoidal):
    """With C = 4 the angles at position 1 are 1 and 1/100, at position 2 twice those."""
    want = [[0.0, 1.0, 0.0, 1.0]]
    want += [[math.sin(t), math.cos(t), math.sin(t / 100), math.cos(t / 100)] for t in (1, 2)]
    close(sinusoidal(3, 4), torch.tensor(want))


def test_each_entry_follows_the_rule(sinusoidal, rng):
    """Every entry is the sine or the cosine of t / 10000^(2i / C)."""
    for _ in range(5):
        length, width = rng.randint(2, 40), 2 * rng.randint(1, 13)
        # Angles up to 40 in float32 are right to a few millionths.
        want = _by_loop(range(length), width)
        close(sinusoidal(length, width), want, atol=1e-4, say=f"sinusoidal({length}, {width})")


def test_far_positions_are_right(sinusoidal):
    """Positions up to 1,000 are right to 1e-3."""
    got = sinusoidal(1001, 22)
    formed(got, "float32 tensor 1001x22", "sinusoidal(1001, 22)")
    # An angle of 1,000 with seven digits is right to about 1e-4, and so is its sine.
    close(got[990:], _by_loop(range(990, 1001), 22), atol=1e-3, rtol=0)


def test_each_vector_has_the_same_length(sinusoidal):
    """A sine and a cosine of one angle give 1 when squared and added, so C/2 in all."""
    got = sinusoidal(11, 14)
    formed(got, "float32 tensor 11x14", "sinusoidal(11, 14)")
    pairs = got.square().reshape(11, 7, 2).sum(dim=-1)
    close(pairs, torch.ones(11, 7), say="sin² + cos² of each pair")


def test_dot_products_depend_on_the_distance_alone(sinusoidal):
    """The dot product of two positions is the same wherever the two stand."""
    got = sinusoidal(13, 10)
    formed(got, "float32 tensor 13x10", "sinusoidal(13, 10)")
    products = got @ got.T
    for distance in (0, 1, 5):
        along = products.diagonal(distance)
        want = sum(math.cos(distance / 10_000 ** (2 * i / 10)) for i in range(5))
        close(along, torch.full_like(along, want), atol=1e-4, say=f"positions {distance} apart")


def test_a_longer_table_begins_with_a_shorter_one(sinusoidal):
    """A position has the same vector however many others there are."""
    long = sinusoidal(17, 6)
    formed(long, "float32 tensor 17x6", "sinusoidal(17, 6)")
    for length in (1, 2, 11):
        close(sinusoidal(length, 6), long[:length], say=f"the first {length} of 17 positions")


def test_a_width_without_pairs_is_refused(sinusoidal):
    """A width that is odd or below 2 raises ValueError."""
    for width in (1, 3, 7, 0, -2):
        with pytest.raises(ValueError):
            sinusoidal(5, width)


def _by_loop(positions, width):
    """The table by its definition, one entry after the other."""
    rows = []
    for t in positions:
        angles = [t / 10_000 ** (2 * (c // 2) / width) for c in range(width)]
        rows.append([math.cos(a) if c % 2 else math.sin(a) for c, a in enumerate(angles)])
    return torch.tensor(rows)
