"""NF4 by counting: the code of a number is how many middles of two levels lie below it."""

from itertools import pairwise

import torch


def levels():
    """Return the 16 levels."""
    delta = (1 / 32 + 1 / 30) / 2
    half = {}
    for count in (7, 8):
        steps = torch.arange(1, count + 1, dtype=torch.float64) / count
        half[count] = torch.special.ndtri(0.5 + (0.5 - delta) * steps)
    whole = torch.zeros(16, dtype=torch.float64)
    whole[:7], whole[8:] = -half[7].flip(0), half[8]
    return (whole / whole[15]).float()


def quantize(w):
    """Return codes and absmax values."""
    count = w.numel()
    blocks = torch.zeros((count + 63) // 64, 64, dtype=w.dtype)
    blocks.view(-1)[:count] = w.reshape(-1)
    absmax, _ = blocks.abs().max(dim=1)
    table = levels().to(w.dtype)
    codes = torch.zeros(blocks.shape, dtype=torch.uint8)
    unit = blocks / absmax.masked_fill(absmax == 0, 1.0).unsqueeze(1)
    for low, high in pairwise(table):
        codes += (unit > (low + high) / 2).to(torch.uint8)
    return codes.view(-1)[:count].view(w.shape).clone(), absmax


def dequantize(codes, absmax):
    """Return level times absmax."""
    flat = codes.reshape(-1)
    result = torch.empty(flat.shape, dtype=absmax.dtype)
    for code, level in enumerate(levels().tolist()):
        result[flat == code] = level
    for block in range(len(absmax)):
        result[64 * block : 64 * (block + 1)] *= absmax[block]
    return result.view(codes.shape)
