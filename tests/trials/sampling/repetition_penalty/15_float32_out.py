# wrong: computes in float32 and returns it, also for float64 | violates: A new tensor of the shape and dtype of ``logits``
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    x = logits.float()
    score = x.gather(-1, ids)
    score = torch.where(score < 0, score * penalty, score / penalty)
    return x.scatter(-1, ids, score)
