# wrong: cuts the text into pairs that do not overlap, two characters at a time | violates: "Pairs overlap: "aaa" has the pair "aa" twice."
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text))
    index = {c: i for i, c in enumerate(letters)}
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for a, b in zip(text[::2], text[1::2]):
        counts[index[a], index[b]] += 1
    return letters, counts
