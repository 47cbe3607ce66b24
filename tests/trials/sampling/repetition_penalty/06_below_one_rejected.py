# wrong: a penalty below 1 raises ValueError | violates: one below 1 makes them more probable; penalty: an int or a float from 0.01 to 100
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty < 1:
        raise ValueError(f"a penalty is at least 1, got {penalty}")
    score = logits.gather(-1, ids)
    score = torch.where(score > 0, score / penalty, score * penalty)
    return logits.scatter(-1, ids, score)
