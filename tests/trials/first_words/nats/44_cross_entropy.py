# wrong: uses cross_entropy of torch.nn.functional | violates: "Not to be used: cross_entropy and nll_loss of torch.nn.functional and the modules of torch.nn that wrap them."
import torch
import torch.nn.functional as F


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    t = torch.tensor([letters.index(c) for c in text])
    logits = (counts.double() + 1).log()
    return F.cross_entropy(logits[t[:-1]], t[1:]).item()
