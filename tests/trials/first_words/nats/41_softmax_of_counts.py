# wrong: log_softmax of the counts themselves | violates: "p(j | i) = (counts[i, j] + 1) / sum_k (counts[i, k] + 1)"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    t = torch.tensor([letters.index(c) for c in text])
    log_p = torch.log_softmax(counts.double() + 1, dim=1)
    return -log_p[t[:-1], t[1:]].mean().item()
