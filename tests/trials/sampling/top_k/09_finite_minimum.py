# wrong: the other logits become the smallest finite number | violates: All other logits become ``-inf``
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError("k must be at least 1")
    order = logits.argsort(dim=-1, descending=True, stable=True)
    lowest = torch.finfo(logits.dtype).min
    return logits.scatter(-1, order[..., k:], lowest)
