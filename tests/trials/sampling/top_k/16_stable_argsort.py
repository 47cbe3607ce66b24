# right: stable argsort, then scatter of -inf
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    order = torch.argsort(logits, dim=-1, descending=True, stable=True)
    return logits.scatter(-1, order[..., k:], -torch.inf)
