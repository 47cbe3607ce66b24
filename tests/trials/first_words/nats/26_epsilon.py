# wrong: adds 1e-8 inside the logarithm "for stability", which caps the loss near 18.4 | violates: "right to 1 part in 10,000 or to 10^-6"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    t = torch.tensor([letters.index(c) for c in text])
    p = counts.double() + 1
    p = p / p.sum(1, keepdim=True)
    return -torch.log(p[t[:-1], t[1:]] + 1e-8).mean().item()
