# wrong: softmax without subtracting the maximum overflows to NaN for large logits | violates: Each logit is ``-inf`` or a number from -1e4 to 1e4 (the probabilities of a row are the softmax of its logits)
import torch

from exercises.attention.softmax import softmax


def probabilities(logits: torch.Tensor) -> torch.Tensor:
    e = torch.exp(logits)
    return e / e.sum(dim=-1, keepdim=True)


def top_p(logits: torch.Tensor, p: float, min_p: float = 0.0) -> torch.Tensor:
    if not 0 <= p <= 1:
        raise ValueError("p must be from 0 to 1")
    if not 0 <= min_p <= 1:
        raise ValueError("min_p must be from 0 to 1")
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
