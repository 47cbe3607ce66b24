# wrong: takes the last k of an ascending sort, so of equal logits the higher ids | violates: Of equal logits, those with lower ids are taken first
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError("k must be positive")
    order = torch.argsort(logits, dim=-1, stable=True)
    best = order[..., -k:]
    out = torch.full_like(logits, -torch.inf)
    return out.scatter(-1, best, logits.gather(-1, best))
