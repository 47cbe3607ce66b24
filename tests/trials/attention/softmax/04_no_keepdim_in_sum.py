# wrong: the sum loses its dimension, so it is broadcast along the wrong one or does not fit | violates: "p_i = exp(x_i) / sum_j exp(x_j)"
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    e = torch.exp(scores - scores.amax(dim=dim, keepdim=True))
    return e / e.sum(dim=dim)
