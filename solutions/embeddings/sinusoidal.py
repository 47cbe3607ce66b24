"""Sinusoidal positions: a fixed table of sines and cosines, without parameters."""

import torch


def sinusoidal(length: int, width: int) -> torch.Tensor:
    """Return the table of sinusoidal position embeddings.

    Notation: number of positions T (``length``), embedding dimension C (``width``, ``d_model``).
    For each position t from 0 to T - 1, and each pair i from 0 to C/2 - 1,

        angle = t / 10000^(2i / C)
        table[t, 2i]     = sin(angle)
        table[t, 2i + 1] = cos(angle)

    Sines are in the even columns and cosines in the odd ones. The absolute error of each entry
    is at most 1e-4 for positions up to 100, 1e-3 up to 1,000 and 1e-2 up to 10,000; computing in
    float32 is accurate enough.

    Args:
        length: the number of positions T, at least 1, without an upper limit.
        width: the embedding dimension C, even and at least 2, else ``ValueError``.

    Returns:
        A new float32 tensor of shape (T, C), which shares no memory with other results: changing
        it does not change what later calls return.

    >>> sinusoidal(2, 4)
    tensor([[0.0000, 1.0000, 0.0000, 1.0000],
            [0.8415, 0.5403, 0.0100, 0.9999]])

    Source: Vaswani et al., 2017, section 3.5.
    """
    if width < 2 or width % 2:
        raise ValueError(f"sines and cosines come in pairs; a width of {width} has none to spare")
    position = torch.arange(length).unsqueeze(1)  # (T, 1)
    # The wavelengths are a geometric series from 2 pi to nearly 10,000 times that.
    speed = 10_000.0 ** (-torch.arange(0, width, 2) / width)  # (C/2,)
    angle = position * speed  # (T, C/2)
    # Stacked along a new last dimension and flattened, sine and cosine alternate in each row.
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)
