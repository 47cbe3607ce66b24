"""The token embedding by index_select over all ids at once."""

import torch
from torch import nn


class TokenEmbedding(nn.Module):
    """Flat ids, one selection, and back into shape."""

    def __init__(self, vocabulary, width):
        super().__init__()
        table = torch.zeros(vocabulary, width, dtype=torch.float64)
        table.normal_().mul_(0.02)
        self.weight = nn.Parameter(table.float())

    def forward(self, ids):
        """Select and reshape."""
        flat = ids.reshape(-1)
        low, high = flat.aminmax()
        if int(low) < 0 or int(high) >= len(self.weight):
            raise IndexError(f"ids from {int(low)} to {int(high)}")
        return self.weight.index_select(0, flat).view(*ids.shape, -1)
