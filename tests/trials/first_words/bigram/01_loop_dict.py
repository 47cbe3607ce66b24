# right: plain loop over positions with a dict of indices
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    index = {c: i for i, c in enumerate(letters)}
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for a, b in zip(text, text[1:]):
        counts[index[a], index[b]] += 1
    return letters, counts
