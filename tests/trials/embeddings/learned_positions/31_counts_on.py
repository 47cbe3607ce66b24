# wrong: the position is kept between calls | violates: output[b, t] = x[b, t] + weight[t]
"""Learned positions: each position has a learned vector, added to the token's embedding."""

import torch
from torch import nn


class LearnedPositions(nn.Module):
    """Add a learned position embedding to each token's vector."""

    def __init__(self, context: int, width: int) -> None:
        """Create the table."""
        super().__init__()
        self.context = context
        self.start = 0
        self.weight = nn.Parameter(torch.empty((context, width), dtype=torch.float32))
        nn.init.normal_(self.weight, mean=0.0, std=0.02)

    def _positions(self, x: torch.Tensor) -> torch.Tensor:
        """Return the position of each token."""
        batch_size, seq_len, _ = x.size()
        if seq_len > self.context:
            raise ValueError(f"sequence of {seq_len} tokens, context of {self.context}")
        if self.start + seq_len > self.context:
            self.start = 0
        start = self.start
        self.start += seq_len
        return torch.arange(start, start + seq_len, device=x.device)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add the position embeddings to ``x``."""
        position_embedding = torch.index_select(self.weight, 0, self._positions(x))
        return torch.add(x, position_embedding.unsqueeze(0))
