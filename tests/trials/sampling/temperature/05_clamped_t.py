# wrong: a small t is raised to 0.001 to be safe | violates: For a temperature t above 0, however small, token i of a row has the probability p_i = exp(x_i / t) / sum_j exp(x_j / t)
import torch

from exercises.attention.softmax import softmax


def temperature(logits: torch.Tensor, t: float) -> torch.Tensor:

    if t < 0:
        raise ValueError("t must be at least 0")
    if t == 0:
        winner = logits.argmax(dim=-1, keepdim=True)
        return torch.zeros_like(logits).scatter(-1, winner, 1.0)
    t = max(t, 1e-3)  # avoids huge quotients
    z = logits - logits.amax(-1, keepdim=True)
    e = torch.exp(z / t)
    return e / e.sum(-1, keepdim=True)
