# wrong: rows and columns are swapped, the second character chooses the row | violates: "Row i belongs to the first character of a pair, column j to the second."
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    index = {c: i for i, c in enumerate(letters)}
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for p in range(1, len(text)):
        counts[index[text[p]], index[text[p - 1]]] += 1
    return letters, counts
