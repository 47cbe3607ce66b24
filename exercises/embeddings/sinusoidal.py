"""Sinusoidal positions: a clock with many hands for each place, with nothing to learn."""

import torch


def sinusoidal(length: int, width: int) -> torch.Tensor:
    """Make a vector for each position from sines and cosines of different speeds.

    For T = ``length`` positions and vectors of C = ``width`` numbers, position t and pair i,
    for i from 0 to C/2 - 1,

        angle = t / 10000^(2i / C)
        table[t, 2i]     = sin(angle)
        table[t, 2i + 1] = cos(angle)

    Sines stand in the even columns and cosines in the odd ones. Positions begin at 0. For
    positions up to 1,000 every number is right to 1e-3.

    Args:
        length: how many positions, T, at least 1.
        width: numbers in a vector, C, even and at least 2, else ``ValueError``.

    Returns:
        A float32 tensor of shape (T, C).

    >>> sinusoidal(2, 4)
    tensor([[0.0000, 1.0000, 0.0000, 1.0000],
            [0.8415, 0.5403, 0.0100, 0.9999]])

    Source: Vaswani et al., 2017, section 3.5.
    """
    raise NotImplementedError("write sinusoidal (about 6 lines)")
