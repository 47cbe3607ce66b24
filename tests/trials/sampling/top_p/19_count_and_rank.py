# right: size of the nucleus by counting sums below p, ranks by a second argsort, two helper masks
import torch

from exercises.attention.softmax import softmax


def nucleus(logits: torch.Tensor, q: torch.Tensor, p: float) -> torch.Tensor:
    size = logits.shape[-1]
    order = logits.sort(dim=-1, descending=True, stable=True).indices
    if p == 1:
        n = torch.full_like(order[..., :1], size)
    elif p == 0:
        n = torch.ones_like(order[..., :1])
    else:
        sums = q.gather(-1, order).cumsum(dim=-1)
        n = (sums < p).sum(dim=-1, keepdim=True) + 1
    rank = order.argsort(dim=-1)
    return rank < n


def above_bar(q: torch.Tensor, min_p: float) -> torch.Tensor:
    return q >= min_p * q.max(dim=-1, keepdim=True).values


def top_p(logits: torch.Tensor, p: float, min_p: float = 0.0) -> torch.Tensor:
    for name, value in (("p", p), ("min_p", min_p)):
        if value < 0 or value > 1:
            raise ValueError(f"{name} must be from 0 to 1, got {value}")
    x = logits.to(torch.float64)
    e = torch.exp(x - x.max(dim=-1, keepdim=True).values)
    q = e / e.sum(dim=-1, keepdim=True)
    keep = nucleus(logits, q, p) & above_bar(q, min_p)
    return torch.where(keep, logits, torch.full_like(logits, float("-inf")))
