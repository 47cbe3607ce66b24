"""Rotary positions: a vector is turned by its place, so that a dot product sees only distances."""

import torch


def rope(x: torch.Tensor, start: int = 0, base: float = 10_000.0) -> torch.Tensor:
    """Rotate the pairs of numbers in each vector by angles that grow with its position.

    Row t along the second last dimension stands at position ``start`` + t. In a vector of D
    numbers, number j and number j + D/2 are the pair j, for j from 0 to D/2 - 1, and

        angle = (start + t) * base^(-2j / D)
        y[t, j]       = x[t, j] cos(angle) - x[t, j + D/2] sin(angle)
        y[t, j + D/2] = x[t, j + D/2] cos(angle) + x[t, j] sin(angle)

    Lengths stay as they were, and the dot product of a vector at position m with one at
    position n depends on m - n alone. Angles are taken in float32 or wider whatever the dtype
    of ``x``, since bfloat16 does not know the whole numbers above 256.

    Args:
        x: float tensor of shape (..., T, D), the dimensions "..." none or many; queries or
            keys, of shape (B, H, T, D) as a rule. D is even, else ``ValueError``.
        start: position of the first row, 0 or more: the number of tokens that came before.
        base: what the slowest pair's speed is made of, above 1.

    Returns:
        A new tensor of the shape and dtype of ``x``; ``x`` stays as it was. Gradients flow
        to ``x``.

    >>> rope(torch.tensor([[1.0, 0.0], [1.0, 0.0]]))
    tensor([[1.0000, 0.0000],
            [0.5403, 0.8415]])

    Source: Su et al., 2021, section 3.4; the pairs are those of Hugging Face's Llama, not the
    neighbours of the paper.
    """
    raise NotImplementedError("write rope (about 10 lines)")
