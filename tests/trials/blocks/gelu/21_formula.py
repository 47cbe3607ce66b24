# right: the formula in two lines
import math

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form."""
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    return 0.5 * x * (1 + torch.tanh(inner))
