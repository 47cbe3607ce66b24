# wrong: computes each number with math.tanh, so no gradient flows | violates: "Gradients flow through it."
import math

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form."""
    def one(n: float) -> float:
        return 0.5 * n * (1 + math.tanh(math.sqrt(2 / math.pi) * (n + 0.044715 * n**3)))

    numbers = [one(n) for n in x.flatten().tolist()]
    return torch.tensor(numbers, dtype=x.dtype, device=x.device).reshape(x.shape)
