# right: one product for gate and up at run time, split by chunk
import torch
import torch.nn.functional as F
from torch import nn


def swish(t):
    return torch.special.expit(t).mul(t)


class SwiGLU(nn.Module):
    """Map each token's vector to the hidden dimension twice, let one gate the other, map back."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        linear = lambda n_in, n_out: nn.Linear(n_in, n_out, bias=False)  # noqa: E731
        self.down = linear(hidden, width)
        self.up = linear(width, hidden)
        self.gate = linear(width, hidden)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        both = F.linear(x, torch.cat((self.gate.weight, self.up.weight)))
        g, u = both.chunk(2, dim=-1)
        return F.linear(swish(g) * u, self.down.weight)
