# wrong: the mask in sorted order is applied to the logits in the order of the ids | violates: The logits of kept tokens stay as they are, at their places
import torch

from exercises.attention.softmax import softmax


def probabilities(logits: torch.Tensor) -> torch.Tensor:
    e = torch.exp(logits - logits.amax(dim=-1, keepdim=True))
    return e / e.sum(dim=-1, keepdim=True)


def top_p(logits: torch.Tensor, p: float, min_p: float = 0.0) -> torch.Tensor:
    if not 0 <= p <= 1:
        raise ValueError("p must be from 0 to 1")
    if not 0 <= min_p <= 1:
        raise ValueError("min_p must be from 0 to 1")
    q = probabilities(logits)
    ordered = q.sort(dim=-1, descending=True, stable=True).values
    keep = ordered.cumsum(dim=-1) - ordered < p
    keep[..., 0] = True
    if p == 1:
        keep = torch.ones_like(keep)
    keep = keep & (ordered >= min_p * ordered[..., :1])
    return logits.masked_fill(~keep, -torch.inf)
