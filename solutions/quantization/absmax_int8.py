"""Absmax quantization: a tensor as 8-bit integers and one scale."""

import torch


def quantize(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ``x`` as 8-bit integers, and the scale to multiply them by.

    The whole tensor has one scale, which maps its absmax, the largest absolute value, to 127:

        scale = max |x| / 127          q = round(x / scale)

    Halves are rounded to the even neighbour, as ``torch.round`` does: 0.5 to 0, 1.5 to 2, -0.5
    to 0. The integer -128 is never used, so -x gives -q and the same scale. A tensor of zeros
    has the scale 1, and its q is 0.

    Args:
        x: float32 or float64 tensor of any shape, with at least one number. Its absmax is 0,
            or from 1e-38 to 3e38, which is nearly the whole range of float32. Float32's
            accuracy is what is asked, also of float64.

    Returns:
        A tuple of two new tensors: q, of dtype int8 and the shape of ``x``, and the scale, of
        shape () and the dtype of ``x``; ``x`` is not changed.

    >>> quantize(torch.tensor([0.5, -2.0, 254.0]))
    (tensor([  0,  -1, 127], dtype=torch.int8), tensor(2.))

    Not to be used: ``torch.quantize_per_tensor`` and
    ``torch.fake_quantize_per_tensor_affine``. Source: Dettmers et al., LLM.int8(), 2022,
    section 2, whose s is 1 / scale.
    """
    scale = x.abs().amax() / 127
    # Any positive scale gives q = 0 for zeros; with 0 the quotient would be 0 / 0, which is NaN.
    scale = torch.where(scale == 0, torch.ones_like(scale), scale)
    # No clamp: rounding takes |x| / scale above 127 by so little that it still rounds to 127.
    return (x / scale).round().to(torch.int8), scale


def dequantize(q: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Return q times scale: approximately the numbers that were quantized.

    With the q and the scale that ``quantize`` returns for x, each result differs from its x by
    at most scale / 2, up to rounding.

    Args:
        q: int8 tensor of any shape, with numbers from -127 to 127.
        scale: positive float32 or float64 tensor of shape ().

    Returns:
        A new tensor of the shape of ``q`` and the dtype of ``scale``; the arguments are not
        changed.

    >>> dequantize(torch.tensor([0, -1, 127], dtype=torch.int8), torch.tensor(2.0))
    tensor([  0.,  -2., 254.])
    """
    # Converted first: 127 * 2 is too large for int8.
    return q.to(scale.dtype) * scale
