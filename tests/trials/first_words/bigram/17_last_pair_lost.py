# wrong: range(len(text) - 2) leaves the last pair out | violates: "a text of n characters, 1 or more, has n - 1 pairs"
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    size = len(letters)
    table = [[0] * size for _ in range(size)]
    for i in range(len(text) - 2):
        table[letters.index(text[i])][letters.index(text[i + 1])] += 1
    return letters, torch.tensor(table, dtype=torch.int64).view(size, size)
