# wrong: bits instead of nats | violates: "with the natural logarithm the result is the mean over all n - 1 pairs"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    t = torch.tensor([letters.index(c) for c in text])
    p = counts.double() + 1
    p = p / p.sum(1, keepdim=True)
    return -p[t[:-1], t[1:]].log2().mean().item()
