# wrong: flattens with view, which fails for a tensor that is not contiguous | violates: "scores: the logits, a float tensor of any shape with at least one dimension."
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    dim = dim % scores.dim()
    n = scores.shape[dim]
    after = 1
    for size in scores.shape[dim + 1 :]:
        after *= size
    flat = scores.view(-1, n, after)
    e = torch.exp(flat - flat.amax(dim=1, keepdim=True))
    return (e / e.sum(dim=1, keepdim=True)).view(scores.shape)
