# wrong: returns a one-hot of the largest logit when logits are large, whatever their differences | violates: "Adding one constant to all logits of a slice does not change the result"
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    m = scores.amax(dim=dim, keepdim=True)
    e = torch.exp(scores - m)
    soft = e / e.sum(dim=dim, keepdim=True)
    hard = (scores == m).to(scores.dtype)
    hard = hard / hard.sum(dim=dim, keepdim=True)
    return torch.where(m > 88.0, hard, soft)
