# wrong: min_p is applied first and the nucleus is taken from the renormalised rest | violates: neither condition changes the probabilities that the other one uses
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
    low = q < min_p * q.amax(dim=-1, keepdim=True)
    logits = logits.masked_fill(low, -torch.inf)
    q = probabilities(logits)
    order = logits.argsort(dim=-1, descending=True, stable=True)
    ordered = q.gather(-1, order)
    inside = ordered.cumsum(dim=-1) - ordered < p
    inside[..., 0] = True
    if p == 1:
        inside[...] = True
    keep = torch.zeros_like(inside).scatter(-1, order, inside)
    return logits.masked_fill(~keep, -torch.inf)
