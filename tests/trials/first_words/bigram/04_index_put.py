# right: code points, torch.unique with inverse, index_put_ with accumulate
import torch


def _codes(text):
    return torch.tensor([ord(c) for c in text], dtype=torch.int64)


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    points, where = torch.unique(_codes(text), sorted=True, return_inverse=True)
    letters = [chr(p) for p in points.tolist()]
    counts = torch.zeros((len(letters), len(letters)), dtype=torch.int64)
    one = torch.ones((), dtype=torch.int64)
    counts.index_put_((where[:-1], where[1:]), one, accumulate=True)
    return letters, counts
