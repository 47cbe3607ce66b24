"""Llama: a Transformer with RoPE, grouped-query attention, RMSNorm and SwiGLU, without biases."""

import torch
from torch import nn

from exercises.attention.grouped_query import GroupedQueryAttention
from exercises.blocks.rms_norm import RMSNorm
from exercises.blocks.swiglu import SwiGLU
from exercises.embeddings.token_embedding import TokenEmbedding


class LlamaBlock(nn.Module):
    """Add the output of attention to each token, then that of the feed-forward network.

    Notation: batch size B, sequence length T, embedding dimension C (``width``). For x of shape
    (B, T, C)

        y = x + attention(norm1(x))
        z = y + feed_forward(norm2(y))

    and z is returned. The four parts are

        norm1, norm2    RMSNorm(width, eps)
        attention       GroupedQueryAttention(width, heads, kv_heads, base)
        feed_forward    SwiGLU(width, hidden)

    from the earlier exercises, each an attribute of that name. Their parameters are the module's
    only ones.
    """

    def __init__(
        self, width: int, heads: int, kv_heads: int, hidden: int, base: float, eps: float
    ) -> None:
        """Create the four parts. The arguments are those of ``Llama``."""
        super().__init__()
        self.norm1 = RMSNorm(width, eps)
        self.attention = GroupedQueryAttention(width, heads, kv_heads, base)
        self.norm2 = RMSNorm(width, eps)
        self.feed_forward = SwiGLU(width, hidden)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return z for ``x``.

        Args:
            x: float tensor of shape (B, T, C), of the parameters' dtype; T is at least 1.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` is not changed. Gradients
            flow to ``x`` and to the parameters.
        """
        # Both parts read a normalised copy and add to the residual stream itself, so gradients
        # reach the embeddings through sums alone.
        x = x + self.attention(self.norm1(x))
        return x + self.feed_forward(self.norm2(x))


class Llama(nn.Module):
    """Compute logits for the next token at every position of a sequence.

    Notation: batch size B, sequence length T, vocabulary size V, embedding dimension C
    (``width``), L layers. With W of shape (V, C), the weight of the token embedding,

        x_0 = tokens(ids)
        x_l = block_l(x_(l-1))        for l = 1 to L
        logits = norm(x_L) W^T

    The parts are

        tokens    TokenEmbedding(vocabulary, width)
        blocks    L times LlamaBlock(width, heads, kv_heads, hidden, base, eps)
        norm      RMSNorm(width, eps)

    each an attribute of that name, with its own random initialisation. ``blocks`` is an
    ``nn.ModuleList`` or ``nn.Sequential``, and every block has parameters of its own, with names
    such as ``blocks.0.attention.query.weight``. The parameters of the parts are the model's only
    ones: the output layer uses W itself (weight tying), so W receives gradients from both of its
    uses.

    Positions enter through RoPE in the attention alone, so a sequence may have any length. The
    logits at position t depend on the tokens at positions 0 to t, never on a later token or on
    another sequence of the batch. There is no dropout; training and evaluation mode compute the
    same. Float32's accuracy is what is asked, also of a float64 model.

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
        """Create the parts.

        Args:
            vocabulary: the vocabulary size V, at least 1.
            width: the embedding dimension C (``d_model``); the head dimension ``width / heads``
                is an even integer.
            layers: the number of blocks L, at least 1.
            heads: the number of query heads in each block, at least 1.
            kv_heads: the number of key-value heads in each block; divides ``heads``.
            hidden: the hidden dimension of the feed-forward networks, at least 1.
            base: the base of RoPE, above 1.
            eps: the number that every norm, also the last one, adds to the mean square; above 0.
        """
        super().__init__()
        self.tokens = TokenEmbedding(vocabulary, width)
        self.blocks = nn.ModuleList(
            LlamaBlock(width, heads, kv_heads, hidden, base, eps) for _ in range(layers)
        )
        self.norm = RMSNorm(width, eps)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the logits for the token after each of ``ids``.

        Args:
            ids: int64 tensor of shape (B, T) with values from 0 to V - 1; T is at least 1.

        Returns:
            A new tensor of shape (B, T, V) in the dtype of the parameters; ``ids`` is not
            changed. Gradients flow to all parameters.
        """
        x = self.tokens(ids)  # (B, T, C)
        for block in self.blocks:
            x = block(x)
        # Every block adds to the residual stream, so it has grown; the norm rescales it. Each
        # logit is then a dot product of the stream with a token's embedding.
        return self.norm(x) @ self.tokens.weight.T  # (B, T, V)
