"""Groups of four-bit integers in NumPy: reduceat for the groups, shifts for the bytes."""

import numpy as np
import torch


def quantize(w):
    """Return integers from -7 to 7 and a scale for each group of 32."""
    numbers = w.detach().cpu().numpy()
    starts = np.arange(0, numbers.shape[-1], 32)
    scale = (np.maximum.reduceat(np.abs(numbers), starts, axis=-1) / 7).astype(numbers.dtype)
    scale[scale == 0] = 1
    each = np.repeat(scale, 32, axis=-1)[..., : numbers.shape[-1]]
    return torch.from_numpy(np.rint(numbers / each).astype(np.int8)), torch.from_numpy(scale)


def dequantize(q, scale):
    """Return each integer times the scale of its group."""
    groups = torch.arange(q.shape[-1]) // 32
    return q.to(scale.dtype) * scale.index_select(-1, groups)


def pack(q):
    """Return two integers to a byte, the first in the low half."""
    codes = q.numpy().astype(np.int64) + 8
    if codes.shape[-1] % 2:
        codes = np.concatenate([codes, np.full((*codes.shape[:-1], 1), 8)], axis=-1)
    pairs = codes.reshape(*codes.shape[:-1], -1, 2)
    return torch.from_numpy((pairs @ np.array([1, 16])).astype(np.uint8))


def unpack(packed, n):
    """Return the n integers of the bytes."""
    wide = packed.numpy().astype(np.int16)[..., None]
    codes = (wide >> np.array([0, 4])) & 15
    codes = codes.reshape(*packed.shape[:-1], -1)[..., :n]
    return torch.from_numpy((codes - 8).astype(np.int8))
