# wrong: takes the k largest of the whole tensor | violates: rows are independent of each other
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError("k must be at least 1")
    flat = logits.flatten()
    order = flat.argsort(descending=True, stable=True)
    return flat.scatter(0, order[k:], -torch.inf).reshape(logits.shape)
