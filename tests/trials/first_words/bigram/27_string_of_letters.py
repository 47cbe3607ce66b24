# wrong: letters is one string, not a list | violates: "letters: a list of V strings, each of one character and each once"
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    letters = "".join(sorted(set(text)))
    counts = torch.zeros(len(letters), len(letters), dtype=torch.int64)
    for a, b in zip(text, text[1:]):
        counts[letters.index(a), letters.index(b)] += 1
    return letters, counts
