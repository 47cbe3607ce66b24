# wrong: sorts the letters with key=str.lower, so "a" may come before "B" | violates: "in the order of ``sorted``"
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(sorted(set(text)), key=str.lower)
    index = {c: i for i, c in enumerate(letters)}
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for a, b in zip(text, text[1:]):
        counts[index[a], index[b]] += 1
    return letters, counts
