# wrong: += with lists of indices counts a repeated pair only once | violates: "counts[i, j] = the number of positions in the text that have letters[i], with letters[j] at the next position"
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    v = len(letters)
    index = {c: i for i, c in enumerate(letters)}
    t = torch.tensor([index[c] for c in text], dtype=torch.int64)
    counts = torch.zeros(v, v, dtype=torch.int64)
    counts[t[:-1], t[1:]] += 1
    return letters, counts
