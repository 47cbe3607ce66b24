# wrong: min_p is compared with the probability itself | violates: its probability is at least ``min_p`` times the largest probability of its row
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
    ordered = q.sort(dim=-1, descending=True).values
    order = logits.argsort(dim=-1, descending=True, stable=True)
    sums = ordered.cumsum(dim=-1)
    inside = (sums - ordered < p) | (p == 1)
    inside[..., 0] = True
    nucleus = torch.zeros_like(inside).scatter(-1, order, inside)
    return torch.where(nucleus & (q >= min_p), logits, torch.full_like(logits, -torch.inf))
