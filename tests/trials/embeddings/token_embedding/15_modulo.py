# wrong: ids wrap around modulo V | violates: any other id, also a negative one, raises IndexError
"""Token embedding: each token of the vocabulary has a learned vector."""

import torch
from torch import nn


class TokenEmbedding(nn.Module):
    """Look up the embedding of each token id."""

    def __init__(self, vocabulary: int, width: int) -> None:
        """Create the table."""
        super().__init__()
        self.weight = nn.Parameter(torch.empty(vocabulary, width, dtype=torch.float32).normal_(0.0, 0.02))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the embeddings of ``ids``."""
        ids = ids % self.weight.shape[0]
        return self.weight[ids]
