# right: str.find for each pair, moving on by one so that pairs overlap
import torch


def _occurrences(text, pair):
    total, at = 0, text.find(pair)
    while at != -1:
        total += 1
        at = text.find(pair, at + 1)
    return total


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    present = {text[p : p + 2] for p in range(len(text) - 1)}
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for i, a in enumerate(letters):
        for j, b in enumerate(letters):
            if a + b in present:
                counts[i, j] = _occurrences(text, a + b)
    return letters, counts
