# right: vectorised, a float64 table of losses indexed with two lists
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2:
        raise ValueError("a text needs two characters to have a pair")
    stoi = dict(zip(letters, range(len(letters))))
    unknown = set(text) - stoi.keys()
    if unknown:
        raise ValueError(f"not in letters: {sorted(unknown)}")
    t = [stoi[c] for c in text]
    smooth = counts.double() + 1
    losses = -torch.log(smooth / smooth.sum(dim=1, keepdim=True))
    return losses[t[:-1], t[1:]].mean().item()
