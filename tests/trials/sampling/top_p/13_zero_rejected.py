# wrong: p = 0 raises ValueError | violates: p: from 0 to 1, else ``ValueError``
import torch

from exercises.attention.softmax import softmax


def probabilities(logits: torch.Tensor) -> torch.Tensor:
    e = torch.exp(logits - logits.amax(dim=-1, keepdim=True))
    return e / e.sum(dim=-1, keepdim=True)


def top_p(logits: torch.Tensor, p: float, min_p: float = 0.0) -> torch.Tensor:
    if p <= 0 or p > 1:
        raise ValueError(f"p must be in (0, 1], got {p}")
    if min_p < 0 or min_p > 1:
        raise ValueError(f"min_p must be in [0, 1], got {min_p}")
    q = probabilities(logits)
    order = logits.argsort(dim=-1, descending=True, stable=True)
    ordered = q.gather(-1, order)
    sums = ordered.cumsum(dim=-1)
    before = sums - ordered
    keep_sorted = before < p
    keep_sorted[..., 0] = True
    keep = torch.zeros_like(keep_sorted).scatter(-1, order, keep_sorted)
    if p == 1:
        keep = torch.ones_like(keep)
    keep = keep & (q >= min_p * q.amax(dim=-1, keepdim=True))
    return logits.masked_fill(~keep, -torch.inf)
