# wrong: adds a small number to every exponential, so an excluded choice gets a little probability | violates: "A logit of ``-inf`` excludes a choice: its probability is exactly 0."
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    eps = 1e-9
    m = scores.amax(dim=dim, keepdim=True)
    e = (scores - m).exp() + eps
    return e / e.sum(dim=dim, keepdim=True)
