# wrong: subtracts the maximum of the whole tensor, so a slice far below it underflows to 0/0 | violates: "no finite logit, however large (1e4) or small (-1e4), may give NaN or infinity"
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    shifted = scores - scores.max()
    e = shifted.exp()
    return e / e.sum(dim, keepdim=True)
