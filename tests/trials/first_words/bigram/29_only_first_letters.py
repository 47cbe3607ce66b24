# wrong: letters are taken from text[:-1], so a character that only ends the text is missing and its pair is skipped | violates: "V is the number of different characters in the text"
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = sorted(set(text[:-1]))
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for i, a in enumerate(letters):
        for p in range(len(text) - 1):
            if text[p] == a and text[p + 1] in letters:
                counts[i, letters.index(text[p + 1])] += 1
    return letters, counts
