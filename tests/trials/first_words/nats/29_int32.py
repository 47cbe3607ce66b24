# wrong: converts the counts to int32, which wraps above 2^31 - 1 | violates: "with numbers from 0 to 10^12"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    t = torch.tensor([letters.index(c) for c in text])
    p = counts.to(torch.int32).double() + 1
    p = p / p.sum(1, keepdim=True)
    return -p[t[:-1], t[1:]].log().mean().item()
