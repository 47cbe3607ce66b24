# wrong: lowers the text first, so that A and a are one character | violates: ""a" and "A" are two characters."
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    text = text.lower()
    letters = sorted(set(text))
    index = {c: i for i, c in enumerate(letters)}
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for a, b in zip(text, text[1:]):
        counts[index[a], index[b]] += 1
    return letters, counts
