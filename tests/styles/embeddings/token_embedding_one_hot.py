"""The token embedding as a product with one-hot rows."""

import torch
from torch import nn
from torch.nn import functional


class TokenEmbedding(nn.Module):
    """A linear layer fed with one-hot rows."""

    def __init__(self, vocabulary, width):
        super().__init__()
        self.weight = nn.Parameter(torch.normal(0.0, 0.02, size=(vocabulary, width)))

    def forward(self, ids):
        """Multiply one-hot rows with the table."""
        vocabulary = self.weight.shape[0]
        if bool((ids < 0).any()) or bool((ids >= vocabulary).any()):
            raise IndexError("an id outside the vocabulary")
        picks = functional.one_hot(ids, vocabulary).to(self.weight.dtype)
        return torch.einsum("btv,vc->btc", picks, self.weight)
