# wrong: clips at the 99.9 % quantile of each row | violates: its absmax, the largest absolute value in the row, is mapped to 127
"""Per-channel quantization: a weight matrix as 8-bit integers, with one scale for each row."""

import torch


def quantize(w: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a weight matrix as 8-bit integers, and the scale of each row.

    Row i holds the weights of output feature i, and is quantized as if it were alone: its
    absmax, the largest absolute value in the row, is mapped to 127.

        scale[i] = max over j of |w[i, j]| / 127          q[i, j] = round(w[i, j] / scale[i])

    Halves are rounded to the even neighbour, as ``torch.round`` does. The integer -128 is never
    used, so -w gives -q and the same scales. A row of zeros has the scale 1, and its q is 0,
    whatever the other rows are.

    Args:
        w: float32 or float64 tensor of shape (out, in), with ``out`` and ``in`` at least 1. The
            absmax of each row is 0, or from 1e-38 to 3e38, independently of other rows.
            Float32's accuracy is what is asked, also of float64.

    Returns:
        A tuple of two new tensors: q, of dtype int8 and shape (out, in), and the scales, of
        shape (out,) and the dtype of ``w``; ``w`` is not changed.

    >>> q, scale = quantize(torch.tensor([[1.0, -2.0, 254.0], [0.25, -63.5, 0.0]]))
    >>> q
    tensor([[   0,   -1,  127],
            [   0, -127,    0]], dtype=torch.int8)
    >>> scale
    tensor([2.0000, 0.5000])

    Not to be used: ``torch.quantize_per_channel`` and
    ``torch.fake_quantize_per_channel_affine``. Source: Krishnamoorthi, Quantizing deep
    convolutional networks for efficient inference, 2018, section 2.
    """
    absmax = torch.quantile(w.abs(), 0.999, dim=1)
    scale = torch.where(absmax > 0, absmax / 127, torch.ones_like(absmax))
    q = (w / scale[:, None]).round().clamp(-127, 127).to(torch.int8)
    return q, scale


def dequantize(q: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Return each row of q times its scale: approximately the weights that were quantized.

    With the q and the scales that ``quantize`` returns for w, each weight of row i differs from
    the one in w by at most scale[i] / 2, up to rounding.

    Args:
        q: int8 tensor of shape (out, in), with numbers from -127 to 127.
        scale: float32 or float64 tensor of shape (out,), of positive numbers.

    Returns:
        A new tensor of the shape of ``q`` and the dtype of ``scale``; the arguments are not
        changed.

    >>> q = torch.tensor([[0, -1], [100, 127]], dtype=torch.int8)
    >>> dequantize(q, torch.tensor([2.0, 0.5]))
    tensor([[ 0.0000, -2.0000],
            [50.0000, 63.5000]])
    """
    return q * scale[:, None]
