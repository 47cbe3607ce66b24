# wrong: writes -inf into the caller's tensor and returns a copy of it | violates: ``logits`` is not changed
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError("k < 1")
    order = logits.argsort(dim=-1, descending=True, stable=True)
    logits.scatter_(-1, order[..., k:], float("-inf"))
    return logits.clone()
