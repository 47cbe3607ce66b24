# wrong: removes the first 1 - p of an ascending sort (Transformers' idiom), so of equal logits the lower ids go first | violates: equal logits in the order of their ids
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
    keep = torch.ones_like(q, dtype=torch.bool)
    if p < 1:
        ordered_logits, order = torch.sort(logits, dim=-1, stable=True)
        remove = q.gather(-1, order).cumsum(dim=-1) <= 1 - p
        remove[..., -1] = False
        keep = ~torch.zeros_like(remove).scatter(-1, order, remove)
    keep &= q >= min_p * q.amax(dim=-1, keepdim=True)
    return logits.masked_fill(~keep, -torch.inf)
