# wrong: unknown ids get a zero vector | violates: any other id, also a negative one, raises IndexError
"""Token embedding: each token of the vocabulary has a learned vector."""

import torch
from torch import nn


class TokenEmbedding(nn.Module):
    """Look up the embedding of each token id."""

    def __init__(self, vocabulary: int, width: int) -> None:
        """Create the table."""
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(vocabulary, width, dtype=torch.float32))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the embeddings of ``ids``."""
        V = len(self.weight)
        batch = []
        for sequence in ids.tolist():
            vectors = []
            for i in sequence:
                if not 0 <= i < V:
                    vectors.append(torch.zeros_like(self.weight[0]))
                    continue
                vectors.append(self.weight[i])
            batch.append(torch.stack(vectors))
        return torch.stack(batch)
