# wrong: moves the dimension to the end and never back, so the result is permuted | violates: "A new tensor of the shape and dtype of ``scores``"
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    x = scores.movedim(dim, -1)
    x = x - x.amax(dim=-1, keepdim=True)
    e = x.exp()
    return e / e.sum(dim=-1, keepdim=True)
