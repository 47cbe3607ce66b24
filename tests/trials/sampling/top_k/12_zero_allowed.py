# wrong: only a negative k is rejected, k = 0 excludes everything | violates: how many tokens to keep, at least 1, else ``ValueError``
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 0:
        raise ValueError("k must not be negative")
    order = logits.argsort(dim=-1, descending=True, stable=True)
    return logits.scatter(-1, order[..., k:], -torch.inf)
