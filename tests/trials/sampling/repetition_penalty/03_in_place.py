# wrong: scatter_ writes into the caller's logits and returns them | violates: ``logits`` and ``ids`` are not changed
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    score = torch.gather(logits, -1, ids)
    score = torch.where(score < 0, score * penalty, score / penalty)
    return logits.scatter_(-1, ids, score).clone()
