# right: log_softmax of log(counts + 1) in float64, flat gather
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2:
        raise ValueError("too short")
    t = torch.tensor([letters.index(c) for c in text])  # ValueError for an unknown character
    log_p = torch.log_softmax(torch.log(counts.double() + 1), dim=-1)
    return -torch.take(log_p, t[:-1] * len(letters) + t[1:]).mean().item()
