"""Learned positions: each position has a learned vector, added to the token's embedding."""

import torch
from torch import nn


class LearnedPositions(nn.Module):
    """Add a learned position embedding to each token's vector.

    Notation: batch size B, sequence length T, embedding dimension C (``d_model``). ``weight`` is
    a table with a row for each position from 0 to ``context`` - 1, and

        output[b, t] = x[b, t] + weight[t]

    whatever the numbers in ``x``. There is no dropout; training and evaluation mode compute the
    same. Nothing is kept between calls: each begins at row 0 of ``weight`` as it is then.
    ``weight``, a float32 tensor of shape (context, C), is the module's only parameter, and
    ``"weight"`` is its key in the state dict. Each new module initializes it with new numbers
    from a normal distribution with mean 0 and standard deviation 0.02, which is not truncated.

    >>> layer = LearnedPositions(3, 2)
    >>> rows = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> layer.load_state_dict({"weight": rows})
    <All keys matched successfully>
    >>> layer(torch.tensor([[[10.0, 10.0], [20.0, 20.0]]])).tolist()
    [[[11.0, 12.0], [23.0, 24.0]]]

    Source: Gehring et al., 2017, section 3.1; Radford et al., 2018, section 4.1.
    """

    def __init__(self, context: int, width: int) -> None:
        """Create the table.

        Args:
            context: the context length, which is the number of positions; at least 1.
            width: the embedding dimension C (``d_model``), at least 1.
        """
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(context, width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add the position embeddings to ``x``.

        Args:
            x: float tensor of shape (B, T, C), B and T at least 1, C the ``width`` of the table.
                It has the dtype of ``weight``, also after ``half()``, ``bfloat16()`` or
                ``double()``. If T is more than ``context``, ``ValueError`` is raised.

        Returns:
            A new tensor of the shape and dtype of ``x``; ``x`` is not changed. Gradients flow to
            ``x`` and ``weight``: a row's gradient is the sum over the batch, and 0 for a
            position that is not used.
        """
        length, context = x.shape[1], len(self.weight)
        if length > context:
            raise ValueError(f"{length} tokens have no place in a context of {context}")
        return x + self.weight[:length]  # (T, C) broadcasts over the B sequences
