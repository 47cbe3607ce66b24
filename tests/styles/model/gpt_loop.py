"""GPT one sequence and one vocabulary entry after the other, with a check of its own."""

import torch
from torch import nn

from exercises.blocks.layer_norm import LayerNorm
from exercises.blocks.transformer_block import TransformerBlock
from exercises.embeddings.learned_positions import LearnedPositions
from exercises.embeddings.token_embedding import TokenEmbedding


class GPT(torch.nn.Module):
    """Loops wherever there can be one."""

    def __init__(self, vocabulary: int, context: int, width: int, layers: int, heads: int):
        nn.Module.__init__(self)
        if width % heads != 0:
            raise ValueError("heads must divide width")
        self._context = context
        self.register_buffer("places", torch.arange(context))
        self.add_module("tokens", TokenEmbedding(vocabulary, width))
        self.add_module("positions", LearnedPositions(context, width))
        self.add_module("blocks", nn.ModuleList([TransformerBlock(width, heads)]))
        self.blocks.extend(TransformerBlock(width, heads) for _ in range(1, layers))
        self.add_module("norm", LayerNorm(width))

    def forward(self, ids):
        """A sequence at a time."""
        if ids.size(1) > self._context:
            raise ValueError("too many tokens")
        return torch.cat([self._one(row.unsqueeze(0)) for row in ids])

    def _one(self, ids):
        x = self.tokens(ids) + self.positions.weight[self.places[: ids.size(1)]]
        for n in range(len(self.blocks)):
            x = self.blocks[n](x)
        x = self.norm(x)
        return torch.stack([(x * row).sum(dim=-1) for row in self.tokens.weight], dim=-1)
