# wrong: adds the ones to the caller's table | violates: "It is not changed." (counts)
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    counts += 1
    p = counts.double() / counts.sum(1, keepdim=True)
    t = torch.tensor([letters.index(c) for c in text])
    return -p[t[:-1], t[1:]].log().mean().item()
