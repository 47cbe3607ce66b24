# wrong: sorts the letters before numbering them | violates: "list of V different characters, V at least 1, in any order"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    stoi = {s: i for i, s in enumerate(sorted(letters))}
    t = [stoi[c] for c in text]
    p = counts.double() + 1
    p = p / p.sum(1, keepdim=True)
    return -p[t[:-1], t[1:]].log().mean().item()
