"""GGUF's blocks place by place: a loop over the 16 or 32 bytes of codes, for all blocks at once."""

import torch


def dequantize(data, kind):
    """Return the weights of the blocks."""
    if kind == "Q8_0":
        size, first = 34, 2
    elif kind == "Q4_0":
        size, first = 18, 2
    elif kind == "Q4_1":
        size, first = 20, 4
    else:
        raise ValueError("no such kind: " + kind)
    *leading, width = data.shape
    if width % size > 0:
        raise ValueError("the last block is not complete")
    flat = data.reshape(-1, size).to(torch.int32)
    d = _read_half(flat[:, 0], flat[:, 1])
    m = _read_half(flat[:, 2], flat[:, 3])
    out = torch.zeros(len(flat), 32, dtype=torch.float64)
    for j in range(size - first):
        byte = flat[:, first + j]
        if kind == "Q8_0":
            out[:, j] = d * ((byte + 128) % 256 - 128)
        elif kind == "Q4_0":
            out[:, j] = d * (byte % 16 - 8)
            out[:, j + 16] = d * (byte // 16 - 8)
        else:
            out[:, j] = d * (byte % 16) + m
            out[:, j + 16] = d * (byte // 16) + m
    return out.float().reshape(*leading, width // size * 32)


def _read_half(low, high):
    """Return float16 numbers by the definition: sign, five bits of exponent, ten of fraction."""
    bits = low + 256 * high
    sign = 1 - 2 * (bits >> 15).double()
    exponent, fraction = (bits >> 10) & 31, (bits & 1023).double()
    normal = (1 + fraction / 1024) * torch.pow(2.0, (exponent - 15).double())
    return sign * torch.where(exponent == 0, fraction * 2.0**-24, normal)
