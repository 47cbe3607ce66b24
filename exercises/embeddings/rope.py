"""RoPE: queries and keys are rotated by position, so that dot products depend on distances."""

import torch


def rope(x: torch.Tensor, start: int = 0, base: float = 10_000.0) -> torch.Tensor:
    """Rotate the feature pairs of each vector by angles that grow with its position.

    Notation: sequence length T, head dimension D. Row t along the second last dimension has the
    position ``start`` + t. Features j and j + D/2 of a vector are the pair j, for j from 0 to
    D/2 - 1, and

        angle = (start + t) * base^(-2j / D)
        y[t, j]       = x[t, j] cos(angle) - x[t, j + D/2] sin(angle)
        y[t, j + D/2] = x[t, j + D/2] cos(angle) + x[t, j] sin(angle)

    A rotation does not change the norm of a vector, and the dot product of a vector at position
    m with one at position n depends only on m - n. The angle, its sine and its cosine are
    computed in float32 or wider whatever the dtype of ``x``, because bfloat16 cannot represent
    all integers above 256. Sine and cosine may then be converted to the dtype of ``x`` for the
    multiplications. The accuracy of float32 is enough, also for ``x`` in float64 and for
    positions as large as 100,000. Nothing is kept between calls that changes a later result.

    Args:
        x: float tensor of shape (..., T, D) with any number of leading dimensions, also a
            transposed view; usually queries or keys of shape (B, H, T, D). T is at least 1. D is
            at least 2 and even; odd D raises ``ValueError``.
        start: the position of row 0: the number of tokens before it, 0 or more, without an
            upper limit.
        base: the base of the frequencies base^(-2j / D), above 1.

    Returns:
        A new tensor of the shape and dtype of ``x``, which shares no memory with ``x``, also
        where no row is rotated; ``x`` is not changed. Gradients flow to ``x``.

    >>> rope(torch.tensor([[1.0, 0.0], [1.0, 0.0]]))
    tensor([[1.0000, 0.0000],
            [0.5403, 0.8415]])

    Source: Su et al., 2021, section 3.4; the pairs are those of Hugging Face's Llama, while the
    paper pairs neighbours.
    """
    raise NotImplementedError("write rope (about 10 lines)")
