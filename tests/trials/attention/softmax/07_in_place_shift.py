# wrong: subtracts the maximum in place, which changes the argument | violates: "A new tensor of the shape and dtype of ``scores``, which is not changed."
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    scores -= scores.max(dim=dim, keepdim=True)[0]
    exps = torch.exp(scores)
    return exps / exps.sum(dim=dim, keepdim=True)
