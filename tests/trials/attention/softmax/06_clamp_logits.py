# wrong: clamps the logits to between -80 and 80 instead of shifting them | violates: "Adding one constant to all logits of a slice does not change the result"
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    excluded = scores == float("-inf")
    safe = scores.clamp(-80.0, 80.0).masked_fill(excluded, float("-inf"))
    safe = safe - safe.amax(dim=dim, keepdim=True)
    e = torch.exp(safe)
    return e / e.sum(dim=dim, keepdim=True)
