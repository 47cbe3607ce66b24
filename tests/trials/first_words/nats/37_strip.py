# wrong: the text is stripped before it is measured | violates: "the mean over all n - 1 pairs"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    text = text.strip()
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    t = torch.tensor([letters.index(c) for c in text])
    p = counts.double() + 1
    p = p / p.sum(1, keepdim=True)
    return -p[t[:-1], t[1:]].log().mean().item()
