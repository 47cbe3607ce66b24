# wrong: keeps every token at least as probable as the last of the nucleus, so equal ones as well | violates: the smallest number of first tokens, equal logits in the order of their ids
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
    n = (ordered.cumsum(dim=-1) - ordered < p).sum(dim=-1, keepdim=True).clamp(min=1)
    bar = ordered.gather(-1, n - 1)
    keep = (q >= bar) | (p == 1)
    keep &= q >= min_p * ordered[..., :1]
    return logits.masked_fill(~keep, float("-inf"))
