# right: Python loops
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
    q, scales = [], []
    for start in range(0, n, 32):
        group = w[..., start : min(start + 32, n)]
        absmax = group.abs().max(dim=-1, keepdim=True).values
        scale = absmax.div(7).masked_fill(absmax == 0, 1)
        scales.append(scale)
        q.append(torch.round(group / scale).to(torch.int8))
    return torch.cat(q, dim=-1), torch.cat(scales, dim=-1)


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
    out = torch.empty(q.shape, dtype=scale.dtype)
    for j in range(q.shape[-1]):
        out[..., j] = q[..., j] * scale[..., j // 32]
    return out


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
    n = q.shape[-1]
    packed = torch.empty(*q.shape[:-1], (n + 1) // 2, dtype=torch.uint8)
    for i in range((n + 1) // 2):
        low = q[..., 2 * i].to(torch.int32) + 8
        high = q[..., 2 * i + 1].to(torch.int32) + 8 if 2 * i + 1 < n else 8
        packed[..., i] = low + 16 * high
    return packed


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
    out = torch.empty(*packed.shape[:-1], n, dtype=torch.int8)
    for j in range(n):
        byte = packed[..., j // 2].to(torch.int32)
        out[..., j] = (byte // 16 if j % 2 else byte % 16) - 8
    return out
