# right: helper methods, flatten and index_select
"""Token embedding: each token of the vocabulary has a learned vector."""

import torch
from torch import nn


class TokenEmbedding(nn.Module):
    """Look up the embedding of each token id."""

    def __init__(self, vocabulary: int, width: int) -> None:
        """Create the table."""
        super().__init__()
        self.vocabulary = vocabulary
        self.width = width
        self.weight = nn.Parameter(torch.zeros(vocabulary, width, dtype=torch.float32))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the table anew."""
        nn.init.normal_(self.weight, mean=0.0, std=0.02)

    def _check(self, ids: torch.Tensor) -> None:
        """Refuse ids that are not in the vocabulary."""
        lowest, highest = int(ids.min()), int(ids.max())
        if lowest < 0 or highest >= self.vocabulary:
            raise IndexError(f"ids from {lowest} to {highest}, vocabulary of {self.vocabulary}")

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the embeddings of ``ids``."""
        self._check(ids)
        batch, length = ids.shape
        rows = self.weight.index_select(0, ids.reshape(-1))
        return rows.reshape(batch, length, self.width)
