# right: a loop over the tokens, each with the keys up to its own
import math

import torch
from torch import nn
from torch.nn import functional as F


class SelfAttention(nn.Module):
    """Compute causal self-attention with one head and learned projections."""

    def __init__(self, width: int, head: int) -> None:
        super().__init__()
        for role in ("query", "key", "value"):
            setattr(self, role, nn.Linear(width, head, bias=False))
        self.scale = head**-0.5

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = self.query(x), self.key(x), self.value(x)
        outputs = []
        for i in range(x.size(1)):
            scores = (k[:, : i + 1] * q[:, i : i + 1]).sum(-1) * self.scale
            p = F.softmax(scores, dim=-1)
            outputs.append((p.unsqueeze(-1) * v[:, : i + 1]).sum(1))
        return torch.stack(outputs, dim=1)
