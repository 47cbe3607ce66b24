"""GELU, number by number, with a tensor of no dimensions at a time."""

import math

import torch


def gelu(x):
    """Bend each number by itself."""
    if x.numel() == 0:
        return x.clone()
    bent = []
    for number in x.reshape(-1):
        inner = math.sqrt(2.0 / math.pi) * (number + 0.044715 * number * number * number)
        bent.append(number * (1 + torch.tanh(inner)) / 2)
    return torch.stack(bent).reshape(x.shape)
