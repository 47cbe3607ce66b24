# wrong: counts in int16 to save memory and converts at the end, so a pair that occurs 32,768 times overflows | violates: "counts[i, j] = the number of positions in the text that have letters[i], with letters[j] at the next position"
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    v = len(letters)
    index = {c: i for i, c in enumerate(letters)}
    t = torch.tensor([index[c] for c in text], dtype=torch.int64)
    counts = torch.zeros(v, v, dtype=torch.int16)
    ones = torch.ones(max(len(text) - 1, 0), dtype=torch.int16)
    counts.index_put_((t[:-1], t[1:]), ones, accumulate=True)
    return letters, counts.long()
