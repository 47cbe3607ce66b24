# wrong: counts UTF-8 bytes, so a character outside ASCII becomes two or more | violates: "letters are the different characters of the text"
import torch


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    data = text.encode("utf-8")
    numbers = sorted(set(data))
    index = {b: i for i, b in enumerate(numbers)}
    counts = torch.zeros(len(numbers), len(numbers), dtype=torch.int64)
    for a, b in zip(data, data[1:]):
        counts[index[a], index[b]] += 1
    return [chr(b) for b in numbers], counts
