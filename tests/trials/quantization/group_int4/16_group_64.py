# wrong: groups of 64, each scale written twice | violates: Along the last dimension the weights are divided into groups of 32
"""Group-wise quantization to four bits: a scale for each 32 weights, and two weights to a byte."""

import torch
from torch.nn.functional import pad


def quantize(w: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the weights as integers from -7 to 7, and a scale for each group of 32.

    Along the last dimension the weights are divided into groups of 32: weights 0 to 31 are group
    0, weights 32 to 63 are group 1, and so on. If 32 does not divide n, the last group is
    shorter: it has the n % 32 weights that are left, and its scale is computed from them alone.
    No group reaches from one row into the next. In each group the absmax is mapped to 7:

        scale = max |w| / 7          q = round(w / scale)

    Halves are rounded to the even neighbour, as ``torch.round`` does. The integer -8 is never
    used here, so -w gives -q and the same scales. A group of zeros has the scale 1, and its q is
    0, whatever other groups are.

    Args:
        w: float32 or float64 tensor of shape (..., n), with any leading dimensions or none, and
            n at least 1. The absmax of each group is 0, or from 1e-38 to 3e38. Float32's
            accuracy is what is asked, also of float64.

    Returns:
        A tuple of two new tensors: q, of dtype int8 and shape (..., n), and the scales, of shape
        (..., G) with G = ceil(n / 32), and the dtype of ``w``; ``w`` is not changed.

    >>> q, scale = quantize(torch.tensor([3.5, -1.2, 0.0, 0.8]))
    >>> q, scale
    (tensor([ 7, -2,  0,  2], dtype=torch.int8), tensor([0.5000]))
    >>> quantize(torch.ones(5, 70))[1].shape
    torch.Size([5, 3])

    Source: Dettmers and Zettlemoyer, The case for 4-bit precision, 2023, where groups are called
    blocks.
    """
    n = w.shape[-1]
    G = (n + 31) // 32
    absmax = torch.stack([w[..., i : i + 64].abs().amax(dim=-1) for i in range(0, n, 64)], dim=-1)
    scale = torch.where(absmax > 0, absmax / 7, torch.ones_like(absmax)).repeat_interleave(2, dim=-1)[..., :G]
    q = (w / scale.repeat_interleave(32, dim=-1)[..., :n]).round().to(torch.int8)
    return q, scale


def dequantize(q: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Return each integer times the scale of its group: approximately the weights.

    With the q and the scales that ``quantize`` returns for w, each weight differs from the one in
    w by at most half the scale of its group, up to rounding.

    Args:
        q: int8 tensor of shape (..., n), with numbers from -8 to 7.
        scale: float32 or float64 tensor of shape (..., G) with G = ceil(n / 32), of positive
            numbers. Its leading dimensions are those of ``q``.

    Returns:
        A new tensor of the shape of ``q`` and the dtype of ``scale``; the arguments are not
        changed.

    >>> dequantize(torch.tensor([7, -2, 0, 2], dtype=torch.int8), torch.tensor([0.5]))
    tensor([ 3.5000, -1.0000,  0.0000,  1.0000])
    """
    return q * scale.repeat_interleave(32, dim=-1)[..., : q.shape[-1]]


def pack(q: torch.Tensor) -> torch.Tensor:
    """Return integers from -8 to 7 as bytes, two integers to a byte.

    An integer is stored as its *code*, the integer plus 8: a number from 0 to 15, which takes
    four bits. Byte i holds the code of integer 2i in its low half (the bits worth 1, 2, 4 and 8)
    and the code of integer 2i + 1 in its high half:

        byte[i] = (q[2i] + 8) + 16 * (q[2i + 1] + 8)

    If n is odd, the last byte has no second integer: its high half is 8, the code of 0.

    Args:
        q: int8 tensor of shape (..., n), with numbers from -8 to 7, and n at least 1. Leading
            dimensions are kept: no byte holds integers of two rows.

    Returns:
        A new uint8 tensor of shape (..., ceil(n / 2)); ``q`` is not changed.

    >>> pack(torch.tensor([-8, -7, 7, 0, 1], dtype=torch.int8))
    tensor([ 16, 143, 137], dtype=torch.uint8)
    """
    codes = (pad(q, (0, q.shape[-1] % 2)) + 8).to(torch.uint8)
    return codes[..., ::2] + 16 * codes[..., 1::2]


def unpack(packed: torch.Tensor, n: int) -> torch.Tensor:
    """Return the n integers that ``pack`` stored in these bytes.

    Args:
        packed: uint8 tensor of shape (..., ceil(n / 2)), of any bytes.
        n: how many integers there are along the last dimension, at least 1. If it is odd, the
            high half of the last byte is ignored, whatever it is.

    Returns:
        A new int8 tensor of shape (..., n), with numbers from -8 to 7; ``packed`` is not changed.

    >>> unpack(torch.tensor([16, 143, 137], dtype=torch.uint8), 5)
    tensor([-8, -7,  7,  0,  1], dtype=torch.int8)
    """
    codes = torch.stack((packed & 15, packed >> 4), dim=-1).flatten(-2)
    return codes[..., :n].to(torch.int8) - 8
