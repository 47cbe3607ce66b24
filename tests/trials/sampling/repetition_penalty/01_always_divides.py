# wrong: negative logits are divided as well, as in the paper | violates: x_i * penalty    if x_i is negative
import torch


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    picked = logits.gather(-1, ids)
    return logits.scatter(-1, ids, picked / penalty)
