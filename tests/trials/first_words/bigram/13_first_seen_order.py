# wrong: letters stand in the order of their first appearance | violates: "in the order of ``sorted``"
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = list(dict.fromkeys(text))
    index = {c: i for i, c in enumerate(letters)}
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for a, b in zip(text[:-1], text[1:]):
        counts[index[a], index[b]] += 1
    return letters, counts
