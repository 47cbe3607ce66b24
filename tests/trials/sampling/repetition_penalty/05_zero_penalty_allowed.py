# wrong: only a negative penalty is rejected, 0 gives a division by 0 | violates: 0 or less raises ``ValueError``
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty < 0:
        raise ValueError("the penalty must not be negative")
    score = logits.gather(-1, ids)
    score = torch.where(score < 0, score * penalty, score / penalty)
    return logits.scatter(-1, ids, score)
