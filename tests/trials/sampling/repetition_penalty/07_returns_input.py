# wrong: an empty text (or a penalty of 1) returns logits itself | violates: nor does the result share memory with ``logits``, whatever the arguments are
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    if ids.shape[-1] == 0 or penalty == 1:
        return logits
    picked = logits.gather(-1, ids)
    return logits.scatter(-1, ids, torch.where(picked > 0, picked / penalty, picked * penalty))
