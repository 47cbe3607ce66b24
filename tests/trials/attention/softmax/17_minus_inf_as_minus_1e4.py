# wrong: replaces -inf by -1e4, so an excluded choice gets probability when the others are as low | violates: "A logit of ``-inf`` excludes a choice: its probability is exactly 0."
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    x = torch.nan_to_num(scores, neginf=-1e4)
    x = x - x.amax(dim, keepdim=True)
    e = torch.exp(x)
    return e / e.sum(dim, keepdim=True)
