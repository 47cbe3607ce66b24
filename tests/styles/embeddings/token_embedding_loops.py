"""The token embedding row by row."""

import torch
from torch import nn


class TokenEmbedding(nn.Module):
    """A table that is read one id after the other."""

    def __init__(self, vocabulary, width):
        super().__init__()
        self.vocabulary = vocabulary
        self.weight = nn.Parameter(torch.empty(vocabulary, width))
        nn.init.normal_(self.weight, mean=0.0, std=0.02)

    def forward(self, ids):
        """Pick each row by its number."""
        rows = []
        for sequence in ids.tolist():
            for token in sequence:
                if not 0 <= token < self.vocabulary:
                    raise IndexError(f"{token} is no token")
            rows.append(torch.stack([self.weight[token] for token in sequence]))
        return torch.stack(rows)
