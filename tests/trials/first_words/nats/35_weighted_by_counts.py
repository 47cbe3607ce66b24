# wrong: weights the losses with the table's own counts (the training loss over the pairs in the text) | violates: "Only text decides which pairs are counted in the mean"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    t = torch.tensor([letters.index(c) for c in text])
    i, j = t[:-1], t[1:]
    smooth = counts.double() + 1
    losses = -torch.log(smooth / smooth.sum(1, keepdim=True))[i, j]
    weights = smooth[i, j]
    return ((losses * weights).sum() / weights.sum()).item()
