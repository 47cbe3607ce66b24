# wrong: only zeros become one, other counts stay | violates: "p(j | i) = (counts[i, j] + 1) / sum_k (counts[i, k] + 1)"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    t = torch.tensor([letters.index(c) for c in text])
    p = torch.where(counts == 0, 1, counts).double()
    p = p / p.sum(1, keepdim=True)
    return -p[t[:-1], t[1:]].log().mean().item()
