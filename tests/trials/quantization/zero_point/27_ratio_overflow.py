# wrong: multiplies by 255 before dividing, overflows above 1.3e36 | violates: The largest absolute value is 0, or from 1e-30 to 1e38.
"""Zero-point quantization: numbers of an uneven range as unsigned 8-bit integers."""

import torch


def quantize(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ``x`` as integers from 0 to 255, with a scale and the integer that stands for 0.

    The range from lo to hi, which always contains 0, is divided into 255 steps. The integer z,
    the *zero point*, stands for the number 0:

        lo = min(0, min x)                     hi = max(0, max x)
        scale = (hi - lo) / 255                z = round(-lo / scale)
        q = round(x / scale) + z, and 0 where this is below 0, 255 where it is above 255

    Halves are rounded to the even neighbour, as ``torch.round`` does, in both places: x / scale
    is rounded before z is added. A number 0 always becomes z, and is restored exactly. A tensor
    of zeros has the scale 1, its z is 0 and so is its q.

    Args:
        x: float32 or float64 tensor of any shape, with at least one number. The largest absolute
            value is 0, or from 1e-30 to 1e38. Float32's accuracy is what is asked, also of
            float64.

    Returns:
        A tuple of three new tensors: q, of dtype uint8 and the shape of ``x``; the scale, of
        shape () and the dtype of ``x``; and z, of dtype uint8 and shape (). ``x`` is not
        changed.

    >>> quantize(torch.tensor([0.0, -3.0, 124.5, 1.2]))
    (tensor([  6,   0, 255,   8], dtype=torch.uint8), tensor(0.5000), tensor(6, dtype=torch.uint8))

    Not to be used: ``torch.quantize_per_tensor``, ``torch.quantize_per_tensor_dynamic`` and
    ``torch.fake_quantize_per_tensor_affine``. Source: Jacob et al., Quantization and Training of
    Neural Networks, 2017, section 2.1; Krishnamoorthi, 2018, section 2.
    """
    lo, hi = x.amin().clamp(max=0), x.amax().clamp(min=0)
    scale = (hi - lo) / 255
    scale = torch.where(scale > 0, scale, torch.ones_like(scale))
    z = (-lo / scale).round()
    q = ((x * 255 / torch.where(hi > lo, hi - lo, torch.full_like(lo, 255.0))).round() + z).clamp(0, 255).to(torch.uint8)
    return q, scale, z.to(torch.uint8)


def dequantize(q: torch.Tensor, scale: torch.Tensor, zero_point: torch.Tensor) -> torch.Tensor:
    """Return (q - zero_point) times scale: approximately the numbers that were quantized.

    With what ``quantize`` returns for x, each result differs from its x by at most scale / 2, up
    to rounding.

    Args:
        q: uint8 tensor of any shape, with numbers from 0 to 255.
        scale: positive float32 or float64 tensor of shape ().
        zero_point: uint8 tensor of shape (), from 0 to 255.

    Returns:
        A new tensor of the shape of ``q`` and the dtype of ``scale``; the arguments are not
        changed.

    >>> z = torch.tensor(8, dtype=torch.uint8)
    >>> dequantize(torch.tensor([8, 0, 255], dtype=torch.uint8), torch.tensor(0.5), z)
    tensor([  0.0000,  -4.0000, 123.5000])
    """
    return (q.to(scale.dtype) - zero_point) * scale
