# right: a loop over the numbers, stacked again
import math

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form."""
    results = []
    for number in x.reshape(-1):
        u = math.sqrt(2 / math.pi) * (number + 0.044715 * number * number * number)
        results.append(number * (1 + u.tanh()) / 2)
    return torch.stack(results).reshape(x.shape) if results else x.clone()
