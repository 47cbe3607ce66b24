"""GPT: embeddings, a stack of blocks, and a logit for every token that may come next."""

import torch
from torch import nn

from exercises.blocks.layer_norm import LayerNorm
from exercises.blocks.transformer_block import TransformerBlock
from exercises.embeddings.learned_positions import LearnedPositions
from exercises.embeddings.token_embedding import TokenEmbedding


class GPT(nn.Module):
    """Give, after each token of a sequence, a logit for every token that may come next.

    Letters: B sequences, T tokens, C width, L layers, V vocabulary. With E (V, C) the weight of
    the token embedding,

        x_0 = positions(tokens(ids))
        x_l = block_l(x_(l-1)) for l = 1 to L
        logits = norm(x_L) E^T

    The parts are attributes: ``tokens``, a ``TokenEmbedding``; ``positions``, a
    ``LearnedPositions``; ``blocks``, an ``nn.ModuleList`` of L ``TransformerBlock``, each with
    parameters of its own; ``norm``, a ``LayerNorm``. Their parameters are the model's only ones.
    The output has none of its own and no bias: it reads E itself (tied weights), so that E gets
    gradients from both of its uses.

    The logits of a token depend on it and on what came before it, never on a later token or on
    another sequence. Training and evaluation are the same computation.

    >>> model = GPT(vocabulary=7, context=5, width=6, layers=2, heads=3)
    >>> model(torch.tensor([[1, 0, 4], [6, 6, 2]])).shape
    torch.Size([2, 3, 7])

    Not to be used: ``torch.nn.Transformer`` and its layers, or another library's GPT. Source:
    Radford et al., Language Models are Unsupervised Multitask Learners, 2019, section 2.3; Press
    and Wolf, Using the Output Embedding to Improve Language Models, 2017.
    """

    def __init__(self, vocabulary: int, context: int, width: int, layers: int, heads: int) -> None:
        """Make the parts; their first numbers are as each part draws them.

        Args:
            vocabulary: V, how many tokens there are; at least 1.
            context: the largest T, at least 1.
            width: C, how many numbers a token has between blocks; at least 1.
            layers: L, how many blocks; at least 1.
            heads: how many heads each block's attention has; a number that does not divide
                ``width`` is a ``ValueError``.
        """
        super().__init__()
        self.tokens = TokenEmbedding(vocabulary, width)
        self.positions = LearnedPositions(context, width)
        self.blocks = nn.ModuleList(TransformerBlock(width, heads) for _ in range(layers))
        self.norm = LayerNorm(width)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Give the logits for the token after each of ``ids``.

        Args:
            ids: int64 tensor (B, T) of numbers from 0 to V - 1; T is at least 1. More than
                ``context`` tokens are a ``ValueError``.

        Returns:
            Logits, a tensor (B, T, V) in the dtype of the parameters. Gradients flow to all
            parameters.
        """
        x = self.positions(self.tokens(ids))  # (B, T, C)
        for block in self.blocks:
            x = block(x)
        # Blocks only add to x, so its size has grown with every layer; the norm brings it back.
        # A logit is then a dot product: how well x fits each token's embedding.
        return self.norm(x) @ self.tokens.weight.T  # (B, T, V)
