# wrong: computes the exact form with the error function | violates: "This is the tanh form, not the exact one with the error function"
import math

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form."""
    return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))
