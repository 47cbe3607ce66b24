"""NF4 in NumPy: reduceat for the blocks, searchsorted between the middles of the levels."""

import math

import numpy as np
import torch


def levels():
    """Return the 16 levels, from the inverse of the error function."""
    a = 0.5 - (1 / 32 + 1 / 30) / 2
    p = torch.tensor([-a * i / 7 for i in range(7, 0, -1)] + [a * i / 8 for i in range(9)])
    q = math.sqrt(2) * torch.erfinv(2 * p.double())
    return (q / q[-1]).to(torch.float32)


def quantize(w):
    """Return codes and absmax values."""
    flat = np.ascontiguousarray(w.detach().numpy()).ravel()
    absmax = np.maximum.reduceat(np.abs(flat), np.arange(0, flat.size, 64))
    safe = np.where(absmax > 0, absmax, 1).astype(flat.dtype)
    table = levels().double().numpy()
    unit = flat / np.repeat(safe, 64)[: flat.size]
    codes = np.searchsorted((table[:-1] + table[1:]) / 2, unit)
    return torch.from_numpy(codes.astype(np.uint8).reshape(w.shape)), torch.from_numpy(absmax)


def dequantize(codes, absmax):
    """Return level times absmax."""
    place = torch.arange(codes.numel()) // 64
    values = torch.index_select(levels(), 0, codes.flatten().int()).to(absmax.dtype)
    return (values * absmax[place]).reshape(codes.shape)
