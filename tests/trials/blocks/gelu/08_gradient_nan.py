# wrong: the tanh by one exponential has finite values but a NaN gradient for large numbers | violates: "neither the result nor its gradient is NaN or infinite"
import math

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form."""
    u = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    tanh = 1 - 2 / (torch.exp(2 * u) + 1)
    return 0.5 * x * (1 + tanh)
