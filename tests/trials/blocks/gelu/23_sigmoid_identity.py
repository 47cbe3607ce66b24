# right: half of 1 + tanh(u) is sigmoid(2 u)
import torch

SQRT_2_OVER_PI = 0.7978845608028654


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form."""
    cubic = x * (1.0 + 0.044715 * x * x)
    return x * torch.sigmoid(2.0 * SQRT_2_OVER_PI * cubic)
