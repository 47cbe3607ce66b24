"""Token embedding: every token of the vocabulary has a vector of its own, which is learnt."""

import torch
from torch import nn


class TokenEmbedding(nn.Module):
    """Give each token the vector that belongs to its id.

    For V tokens in the vocabulary and vectors of C numbers, ``weight`` is a table with a row
    for each token, and

        output[b, t] = weight[ids[b, t]]

    The same id gives the same vector wherever it stands. ``weight``, of shape (V, C), is the
    module's only parameter and starts as normal numbers with mean 0 and standard deviation
    0.02.

    >>> layer = TokenEmbedding(3, 2)
    >>> rows = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> layer.load_state_dict({"weight": rows})
    <All keys matched successfully>
    >>> layer(torch.tensor([[2, 0, 2]])).tolist()
    [[[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]]]

    Not to be used: ``torch.nn.Embedding`` and its kin (``EmbeddingBag``,
    ``torch.nn.functional.embedding``). Source: Bengio et al., 2003, section 2; the 0.02 is that
    of Radford et al., 2018, section 4.1.
    """

    def __init__(self, vocabulary: int, width: int) -> None:
        """Make the table.

        Args:
            vocabulary: how many tokens there are, V; at least 1.
            width: how many numbers a vector has, C; at least 1.
        """
        raise NotImplementedError("write TokenEmbedding.__init__ (about 2 lines)")

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Look up the vectors of ``ids``.

        Args:
            ids: int64 tensor of shape (B, T), B and T at least 1, of numbers from 0 to V - 1;
                any other number, also a negative one, is an ``IndexError``.

        Returns:
            A new tensor of shape (B, T, C) and the dtype of ``weight``; ``ids`` stays as it was.
            Gradients flow to ``weight``: each row gathers those of all places where its
            token stands, and the row of a token that is absent gets 0.
        """
        raise NotImplementedError("write TokenEmbedding.forward (about 3 lines)")
