"""Groups of four-bit integers by splitting along the last dimension, with the last one as it is."""

import torch


def quantize(w):
    """Return integers from -7 to 7 and a scale for each group of 32."""
    integers, scales = [], []
    for group in w.split(32, dim=-1):
        scale = group.abs().amax(dim=-1, keepdim=True) / 7
        scale = scale.masked_fill(scale == 0, 1.0)
        integers.append(torch.round(group / scale).clamp(-7, 7).to(torch.int8))
        scales.append(scale)
    return torch.cat(integers, dim=-1), torch.cat(scales, dim=-1)


def dequantize(q, scale):
    """Return each integer times the scale of its group."""
    pairs = zip(q.split(32, dim=-1), scale.split(1, dim=-1), strict=True)
    return torch.cat([group * size for group, size in pairs], dim=-1)


def pack(q):
    """Return two integers to a byte, the first in the low half."""
    codes = (q.to(torch.int16) + 8).to(torch.uint8)
    low, high = codes[..., ::2], codes[..., 1::2]
    if low.shape[-1] > high.shape[-1]:
        high = torch.cat([high, torch.full_like(low[..., :1], 8)], dim=-1)
    return low + 16 * high


def unpack(packed, n):
    """Return the n integers of the bytes."""
    codes = torch.empty(*packed.shape[:-1], 2 * packed.shape[-1], dtype=torch.uint8)
    codes[..., ::2] = packed % 16
    codes[..., 1::2] = packed // 16
    return codes[..., :n].to(torch.int8).sub_(8)
