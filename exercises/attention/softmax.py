"""Softmax: scores become probabilities."""

import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Turn scores into probabilities along one dimension.

    Along ``dim``, each score x_i becomes

        p_i = exp(x_i) / sum_j exp(x_j)

    so every p_i is positive and each slice along ``dim`` sums to 1. Adding one constant to
    all scores of a slice changes nothing, and no finite score, however large (1e4) or small
    (-1e4), may give NaN or infinity. A score of ``-inf`` is a forbidden choice: its
    probability is exactly 0. At least one score of a slice is finite.

    Args:
        scores: float tensor of any shape with at least one dimension.
        dim: the dimension along which probabilities sum to 1; negative counts from the end.

    Returns:
        A new tensor of the shape and dtype of ``scores``; ``scores`` stays as it was.
        Gradients flow through it.

    >>> softmax(torch.tensor([0.0, 0.0, 0.0, 0.0]))
    tensor([0.2500, 0.2500, 0.2500, 0.2500])

    Not to be used: ``torch.softmax`` and its kin (``log_softmax``, ``logsumexp``,
    ``torch.nn.Softmax``). Source: Bridle, 1990; Goodfellow et al., Deep Learning, section 4.1.
    """
    raise NotImplementedError("write softmax (about 3 lines)")
