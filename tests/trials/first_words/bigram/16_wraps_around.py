# wrong: text[p - 1] with p = 0 pairs the last character with the first | violates: "Nothing follows the last character: a text of n characters, 1 or more, has n - 1 pairs."
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    index = {c: i for i, c in enumerate(letters)}
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for p in range(len(text)):
        counts[index[text[p - 1]], index[text[p]]] += 1
    return letters, counts
