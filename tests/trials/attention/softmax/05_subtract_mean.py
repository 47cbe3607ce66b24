# wrong: subtracts the mean of the slice instead of its maximum, so one large logit still overflows | violates: "no finite logit, however large (1e4) or small (-1e4), may give NaN or infinity"
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    finite = torch.where(torch.isinf(scores), torch.zeros_like(scores), scores)
    centred = scores - finite.mean(dim=dim, keepdim=True)
    e = torch.exp(centred)
    return e / e.sum(dim=dim, keepdim=True)
