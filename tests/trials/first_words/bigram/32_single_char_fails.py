# wrong: treats a text without any pair like an empty one, so "a" gives no letters | violates: "text: any string, also one of a single character"
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    if len(text) < 2:
        return [], torch.zeros(0, 0, dtype=torch.int64)
    letters = sorted(set(text))
    index = {c: i for i, c in enumerate(letters)}
    t = torch.tensor([index[c] for c in text])
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for i, j in torch.stack([t[:-1], t[1:]], dim=1).tolist():
        counts[i, j] += 1
    return letters, counts
