# wrong: keeps the probabilities of the first table with these letters for later calls | violates: "only counts decides their probabilities"
import torch

_tables = {}


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    key = tuple(letters)
    if key not in _tables:
        p = counts.double() + 1
        _tables[key] = (p / p.sum(1, keepdim=True)).log()
    t = torch.tensor([letters.index(c) for c in text])
    return -_tables[key][t[:-1], t[1:]].mean().item()
