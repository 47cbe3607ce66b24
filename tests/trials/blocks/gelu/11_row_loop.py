# wrong: loops over the first dimension, which a single number does not have | violates: "float32 or float64 tensor of any shape, also without dimensions or without numbers"
import math

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form."""
    out = torch.zeros_like(x)
    for i, row in enumerate(x):
        out[i] = 0.5 * row * (1 + torch.tanh(math.sqrt(2 / math.pi) * (row + 0.044715 * row**3)))
    return out
