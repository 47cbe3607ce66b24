"""Groups of four-bit integers, number by number."""

import torch


def quantize(w):
    """Return integers from -7 to 7 and a scale for each group of 32."""
    rows, scales = [], []
    for row in w.reshape(-1, w.shape[-1]).tolist():
        integers, sizes = [], []
        for start in range(0, len(row), 32):
            group = row[start : start + 32]
            size = max(abs(number) for number in group) / 7 or 1.0
            sizes.append(size)
            integers += [round(number / size) for number in group]
        rows.append(integers)
        scales.append(sizes)
    q = torch.tensor(rows, dtype=torch.int8).reshape(w.shape)
    return q, torch.tensor(scales, dtype=w.dtype).reshape(*w.shape[:-1], -1)


def dequantize(q, scale):
    """Return each integer times the scale of its group."""
    out = torch.zeros(q.shape, dtype=scale.dtype)
    for j in range(q.shape[-1]):
        out[..., j] = q[..., j] * scale[..., j // 32]
    return out


def pack(q):
    """Return two integers to a byte, the first in the low half."""
    n = q.shape[-1]
    out = torch.zeros(*q.shape[:-1], (n + 1) // 2, dtype=torch.uint8)
    for i in range(out.shape[-1]):
        second = q[..., 2 * i + 1] if 2 * i + 1 < n else torch.zeros_like(q[..., 0])
        out[..., i] = (q[..., 2 * i].int() + 8) + 16 * (second.int() + 8)
    return out


def unpack(packed, n):
    """Return the n integers of the bytes."""
    out = torch.zeros(*packed.shape[:-1], n, dtype=torch.int8)
    for j in range(n):
        byte = packed[..., j // 2].int()
        out[..., j] = (byte // 16 if j % 2 else byte % 16) - 8
    return out
