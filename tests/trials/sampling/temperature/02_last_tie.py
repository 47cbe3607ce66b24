# wrong: at t = 0 the last of the tied tokens gets the 1 | violates: if several tokens share the largest logit, the one with the lowest id has the 1
import torch

from exercises.attention.softmax import softmax


def temperature(logits: torch.Tensor, t: float) -> torch.Tensor:

    if t < 0:
        raise ValueError(f"negative temperature {t}")
    if t == 0:
        best = logits.argsort(dim=-1, stable=True)[..., -1:]  # ascending: the largest is at the end
        return torch.zeros_like(logits).scatter(-1, best, 1.0)
    weights = torch.exp((logits - logits.max(dim=-1, keepdim=True).values) / t)
    return weights / weights.sum(-1, keepdim=True)
