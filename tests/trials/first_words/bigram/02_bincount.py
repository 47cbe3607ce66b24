# right: vectorised, bincount of row * V + column
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    v = len(letters)
    index = dict(zip(letters, range(v)))
    t = torch.tensor([index[c] for c in text], dtype=torch.int64)
    flat = t[:-1] * v + t[1:]
    return letters, torch.bincount(flat, minlength=v * v).reshape(v, v)
