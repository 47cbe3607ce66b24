"""Llama: a language model that turns its tokens to place them, and has no biases."""

import torch
from torch import nn

from exercises.attention.grouped_query import GroupedQueryAttention
from exercises.blocks.rms_norm import RMSNorm
from exercises.blocks.swiglu import SwiGLU
from exercises.embeddings.token_embedding import TokenEmbedding


class LlamaBlock(nn.Module):
    """One layer of Llama: tokens read one another, then each is worked on alone.

    For x (B, T, C), with B sequences of T tokens and C numbers per token,

        y = x + attention(norm1(x))
        z = y + feed_forward(norm2(y))

    and z goes out. ``norm1`` and ``norm2`` are ``RMSNorm(width, eps)``, ``attention`` is
    ``GroupedQueryAttention(width, heads, kv_heads, base)``, ``feed_forward`` is
    ``SwiGLU(width, hidden)``; the block has no parameters but theirs.
    """

    def __init__(
        self, width: int, heads: int, kv_heads: int, hidden: int, base: float, eps: float
    ) -> None:
        """Make the four parts. The arguments are those of ``Llama``."""
        raise NotImplementedError("write LlamaBlock.__init__ (about 5 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give z (B, T, C) for x (B, T, C), of the parameters' dtype; x stays as it was."""
        raise NotImplementedError("write LlamaBlock.forward (about 2 lines)")


class Llama(nn.Module):
    """Score, for each token of a text, every token of the vocabulary as the one that follows.

    Letters: B sequences, T tokens, C numbers per token, V tokens in the vocabulary. For ids
    (B, T),

        x_0 = tokens(ids)
        x_l = block_l(x_(l-1))      for each block l in turn
        logits = norm(x_L) W^T

    ``tokens`` is ``TokenEmbedding(vocabulary, width)`` and W (V, C) is its ``weight``: one table
    is input and output (they are tied). ``blocks`` holds ``layers`` times a ``LlamaBlock``, each
    with weights of its own, and ``norm`` is ``RMSNorm(width, eps)``. These have all the
    parameters, under names such as ``blocks.0.attention.query.weight``, as they come.

    Where a token stands is told by the rotations inside the attention alone, so there is no
    longest text. No token changes a row of logits before its own, and sequences know nothing of
    each other. Training and evaluation are the same computation.

    >>> model = Llama(vocabulary=11, width=8, layers=2, heads=4, kv_heads=2, hidden=16)
    >>> model(torch.tensor([[1, 2, 3]])).shape
    torch.Size([1, 3, 11])
    >>> sum(weight.numel() for weight in model.parameters())
    1280

    Not to be used: ``torch.nn.Transformer`` and its layers, and a library's Llama. Source:
    Touvron et al., LLaMA, 2023, section 2.2; Ainslie et al., GQA, 2023.
    """

    def __init__(
        self,
        vocabulary: int,
        width: int,
        layers: int,
        heads: int,
        kv_heads: int,
        hidden: int,
        base: float = 10000.0,
        eps: float = 1e-5,
    ) -> None:
        """Make the parts.

        Args:
            vocabulary: how many tokens there are, V; at least 1.
            width: how many numbers a token has, C; ``width / heads`` is whole and even.
            layers: how many blocks there are; at least 1.
            heads: how many heads ask in each block; at least 1.
            kv_heads: how many heads of keys and values they share; divides ``heads``.
            hidden: how many numbers a feed-forward layer works in; at least 1.
            base: the base of the rotations, above 0.
            eps: what every norm, the last one too, adds under its root, above 0.
        """
        raise NotImplementedError("write Llama.__init__ (about 6 lines)")

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Score what follows each token.

        Args:
            ids: int64 tensor (B, T) of numbers from 0 to V - 1; T is at least 1.

        Returns:
            The logits, a tensor (B, T, V) of the parameters' dtype: row t is about the token
            that follows token t. Gradients flow to every parameter.
        """
        raise NotImplementedError("write Llama.forward (about 4 lines)")
