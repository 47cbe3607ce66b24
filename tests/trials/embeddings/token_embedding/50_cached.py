# wrong: results are kept between calls, stale after training | violates: output[b, t] = weight[ids[b, t]]
"""Token embedding: each token of the vocabulary has a learned vector."""

import torch
from torch import nn


class TokenEmbedding(nn.Module):
    """Look up the embedding of each token id."""

    def __init__(self, vocabulary: int, width: int) -> None:
        """Create the table."""
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(vocabulary, width, dtype=torch.float32))
        self.seen = {}

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the embeddings of ``ids``."""
        V = len(self.weight)
        batch = []
        for sequence in ids.tolist():
            vectors = []
            for i in sequence:
                if not 0 <= i < V:
                    raise IndexError(i)
                if i not in self.seen:
                    self.seen[i] = self.weight[i].clone()
                vectors.append(self.seen[i])
            batch.append(torch.stack(vectors))
        return torch.stack(batch)
