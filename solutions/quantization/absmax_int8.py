"""Absmax quantization: a tensor as 8-bit whole numbers and one scale."""

import torch


def quantize(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Store x as whole numbers from -127 to 127 times one scale.

    The scale is shared by the whole tensor and maps the largest magnitude to 127:

        scale = max |x| / 127          q = round(x / scale)

    Halves are rounded to the even neighbour, as ``torch.round`` does: 0.5 to 0, 1.5 to 2, -0.5
    to 0. The number -128 is never used, so -x gives -q and the same scale. A tensor of zeros
    has no largest magnitude to map: its scale is 1 and its q is 0.

    Args:
        x: float32 or float64 tensor of any shape with at least one entry, all finite.

    Returns:
        A tuple of q, an int8 tensor of the shape of ``x``, and scale, a tensor of shape () and the
        dtype of ``x``, positive. Both are new; ``x`` stays as it was.

    >>> quantize(torch.tensor([0.5, -2.0, 254.0]))
    (tensor([  0,  -1, 127], dtype=torch.int8), tensor(2.))

    Not to be used: ``torch.quantize_per_tensor``, ``torch.fake_quantize_per_tensor_affine`` and
    the modules ``torch.ao``, ``torchao``. Source: Dettmers et al., LLM.int8(), 2022, section 2,
    whose s is 1 / scale.
    """
    scale = x.abs().amax() / 127
    # Any positive scale gives q = 0 for zeros; 1 keeps the division from making NaN.
    scale = torch.where(scale == 0, torch.ones_like(scale), scale)
    # Nothing to clamp: no |x| / scale exceeds 127 by more than a rounding error.
    return (x / scale).round().to(torch.int8), scale


def dequantize(q: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Give back numbers near those that were quantized: q times scale.

    Each lies within scale / 2 of the number that it stands for.

    Args:
        q: int8 tensor of any shape, from -127 to 127.
        scale: positive tensor of shape (), float32 or float64.

    Returns:
        A new tensor of the shape of ``q`` and the dtype of ``scale``.

    >>> dequantize(torch.tensor([0, -1, 127], dtype=torch.int8), torch.tensor(2.0))
    tensor([  0.,  -2., 254.])
    """
    # Made wide first: 127 * 2 is no int8.
    return q.to(scale.dtype) * scale
