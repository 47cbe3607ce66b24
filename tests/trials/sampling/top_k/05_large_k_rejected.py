# wrong: a k above V raises ValueError | violates: It may be larger than V; if k is V or more, every row stays as it is
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    vocabulary = logits.shape[-1]
    if not 1 <= k <= vocabulary:
        raise ValueError(f"k must be from 1 to {vocabulary}, got {k}")
    order = logits.argsort(dim=-1, descending=True, stable=True)
    return logits.scatter(-1, order[..., k:], -torch.inf)
