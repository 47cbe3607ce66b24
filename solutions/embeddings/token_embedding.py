"""Token embedding: each token of the vocabulary has a learned vector."""

import torch
from torch import nn


class TokenEmbedding(nn.Module):
    """Look up the embedding of each token id.

    Notation: batch size B, sequence length T, vocabulary size V, embedding dimension C
    (``d_model``). ``weight`` is a table with a row for each token, and

        output[b, t] = weight[ids[b, t]]

    A token's embedding does not depend on its position or on the other tokens. There is no
    dropout; training and evaluation mode compute the same. Each call uses ``weight`` as it is
    then: nothing is kept between calls. ``weight``, a float32 tensor of shape (V, C), is the
    module's only parameter, and ``"weight"`` is its key in the state dict. Each new module
    initializes it with new numbers from a normal distribution with mean 0 and standard deviation
    0.02, which is not truncated.

    >>> layer = TokenEmbedding(3, 2)
    >>> rows = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> layer.load_state_dict({"weight": rows})
    <All keys matched successfully>
    >>> layer(torch.tensor([[2, 0, 2]])).tolist()
    [[[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]]]

    Not to be used: ``torch.nn.Embedding``, ``torch.nn.EmbeddingBag``, and ``embedding`` and
    ``embedding_bag`` of ``torch`` and ``torch.nn.functional``. Indexing, ``index_select``,
    ``gather`` and a product with one-hot rows are allowed. Source: Bengio et al., 2003, section
    2; the 0.02 is that of Radford et al., 2018, section 4.1.
    """

    def __init__(self, vocabulary: int, width: int) -> None:
        """Create the table.

        Args:
            vocabulary: the vocabulary size V, at least 1.
            width: the embedding dimension C (``d_model``), at least 1.
        """
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(vocabulary, width))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the embeddings of ``ids``.

        Args:
            ids: int64 tensor of shape (B, T), B and T at least 1. Ids are from 0 to V - 1; any
                other id, also a negative one, raises ``IndexError``.

        Returns:
            A new tensor of shape (B, T, C) in the dtype of ``weight``, which shares no memory
            with ``weight``; ``ids`` is not changed. Gradients flow to ``weight``: a row's
            gradient is the sum over all positions of its token, and 0 for a token that does not
            occur.
        """
        # Indexing raises for V and above by itself, but takes -1 for the last row.
        if ids.min() < 0:
            raise IndexError(f"there is no token {int(ids.min())}")
        return self.weight[ids]  # (B, T, C)
