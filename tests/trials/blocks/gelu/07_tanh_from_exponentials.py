# wrong: builds tanh from exponentials, which gives NaN for large numbers | violates: "for x between -1e4 and 1e4, neither the result nor its gradient is NaN or infinite"
import math

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form."""
    u = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    a, b = torch.exp(u), torch.exp(-u)
    return 0.5 * x * (1 + (a - b) / (a + b))
