# wrong: str.count does not count overlapping occurrences | violates: "Pairs overlap: "aaa" has the pair "aa" twice."
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    v = len(letters)
    rows = [[text.count(a + b) for b in letters] for a in letters]
    return letters, torch.tensor(rows, dtype=torch.int64).reshape(v, v)
