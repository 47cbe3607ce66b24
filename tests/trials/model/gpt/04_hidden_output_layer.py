# right: a small output layer that holds the token embedding in a tuple, so it registers nothing
"""GPT."""

import torch
from torch import nn

from exercises.blocks.layer_norm import LayerNorm
from exercises.blocks.transformer_block import TransformerBlock
from exercises.embeddings.learned_positions import LearnedPositions
from exercises.embeddings.token_embedding import TokenEmbedding


class TiedOutput:
    """The output layer: no module, it only remembers the embedding."""

    def __init__(self, embedding: nn.Module) -> None:
        self.embedding = embedding

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return torch.matmul(x, self.embedding.weight.t())


class GPT(nn.Module):
    """Logits for the next token at every position of a sequence."""

    def __init__(self, vocabulary: int, context: int, width: int, layers: int, heads: int) -> None:
        nn.Module.__init__(self)
        self.tokens = TokenEmbedding(vocabulary=vocabulary, width=width)
        self.positions = LearnedPositions(context=context, width=width)
        self.blocks = nn.ModuleList(
            map(lambda _: TransformerBlock(width=width, heads=heads), range(layers))
        )
        self.norm = LayerNorm(width=width)

    @property
    def head(self) -> TiedOutput:
        return TiedOutput(self.tokens)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the logits for the token after each of ids."""
        hidden = self.positions(self.tokens(ids))
        for index in range(len(self.blocks)):
            hidden = self.blocks[index](hidden)
        return self.head(self.norm(hidden))
