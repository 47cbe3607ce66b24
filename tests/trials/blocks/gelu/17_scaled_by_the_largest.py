# wrong: looks at the largest number first, which fails without numbers | violates: "tensor of any shape, also without dimensions or without numbers"
import math

import torch


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form."""
    if x.max() > 1e3 or x.min() < -1e3:
        near = x.clamp(-1e3, 1e3)
    else:
        near = x
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (near + 0.044715 * near**3)))
