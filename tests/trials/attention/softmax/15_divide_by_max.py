# wrong: divides the logits by the maximum instead of subtracting it | violates: "Adding one constant to all logits of a slice does not change the result"
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    biggest = scores.abs().masked_fill(torch.isinf(scores), 0.0).amax(dim=dim, keepdim=True)
    scaled = scores / biggest.clamp(min=1e-12)
    e = torch.exp(scaled)
    return e / e.sum(dim=dim, keepdim=True)
