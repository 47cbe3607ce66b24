"""Softmax: logits become probabilities."""

import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension.

    Along ``dim``, each logit x_i becomes the probability

        p_i = exp(x_i) / sum_j exp(x_j)

    so each slice along ``dim`` sums to 1. Adding one constant to all logits of a slice does not
    change the result, and no finite logit, however large (1e4) or small (-1e4), may give NaN or
    infinity. A logit of ``-inf`` excludes a choice: its probability is exactly 0, however low the
    other logits are. At least one logit of each slice is finite. In float32 and float64 each p_i
    above 1e-35 is accurate to 1 part in 10,000.

    Args:
        scores: the logits, a float tensor of any shape with at least one dimension and none of
            size 0; in float16 a slice has at most 60,000 logits, whose exponentials have a sum
            in its range.
        dim: the dimension along which the probabilities sum to 1; a negative ``dim`` counts
            from the end.

    Returns:
        A new tensor of the shape and dtype of ``scores``, which is not changed. Gradients
        flow to ``scores``.

    >>> softmax(torch.tensor([0.0, 0.0, 0.0, 0.0]))
    tensor([0.2500, 0.2500, 0.2500, 0.2500])

    Not to be used: ``torch.softmax`` and the functions that compute the same in one call
    (``softmin``, ``log_softmax``, ``logsumexp``, ``torch.nn.Softmax``). Source: Bridle, 1990;
    Goodfellow et al., Deep Learning, section 4.1.
    """
    # exp overflows float32 above 88. With the largest logit shifted to 0 it cannot, and the
    # shift cancels between numerator and denominator.
    shifted = scores - scores.amax(dim=dim, keepdim=True)
    weights = shifted.exp()
    return weights / weights.sum(dim=dim, keepdim=True)
