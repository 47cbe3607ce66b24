# wrong: counts line by line (as in makemore with names), so line ends are no characters | violates: "Every character counts, and only as itself: spaces, line ends and punctuation too"
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    lines = text.splitlines()
    letters = sorted(set("".join(lines)))
    stoi = {s: i for i, s in enumerate(letters)}
    counts = torch.zeros((len(letters), len(letters)), dtype=torch.int64)
    for line in lines:
        for ch1, ch2 in zip(line, line[1:]):
            counts[stoi[ch1], stoi[ch2]] += 1
    return letters, counts
