# wrong: uses the approximation x sigmoid(1.702 x) | violates: "gelu(x) = 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))"
import math

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form."""
    return x * torch.sigmoid(1.702 * x)
