# wrong: weight is a buffer, not a parameter | violates: weight is the module's only parameter
"""Token embedding: each token of the vocabulary has a learned vector."""

import torch
from torch import nn


class TokenEmbedding(nn.Module):
    """Look up the embedding of each token id."""

    def __init__(self, vocabulary: int, width: int) -> None:
        """Create the table."""
        super().__init__()
        self.register_buffer("weight", torch.empty(vocabulary, width, dtype=torch.float32).normal_(0.0, 0.02))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the embeddings of ``ids``."""
        if ((ids < 0) | (ids >= self.weight.shape[0])).any():
            raise IndexError("token id out of range")
        return self.weight[ids]
