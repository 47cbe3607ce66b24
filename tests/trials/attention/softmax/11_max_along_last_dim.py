# wrong: the maximum is always taken along the last dimension, so logits of one slice are shifted by different constants | violates: "p_i = exp(x_i) / sum_j exp(x_j)"
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    row_max = scores.max(-1, keepdim=True).values
    e = (scores - row_max).exp()
    return e / e.sum(dim, keepdim=True)
