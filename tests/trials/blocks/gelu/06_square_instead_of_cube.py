# wrong: squares x instead of cubing it | violates: "gelu(x) = 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))"
import math

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form."""
    u = math.sqrt(2 / math.pi) * (x + 0.044715 * x**2)
    return 0.5 * x * (1 + u.tanh())
