# right: a small class that walks over the text, remembering the previous character
import torch


class _Table:
    def __init__(self, letters):
        self.letters = letters
        self.place = {}
        for number, letter in enumerate(letters):
            self.place[letter] = number
        self.rows = [[0] * len(letters) for _ in letters]

    def see(self, first, second):
        self.rows[self.place[first]][self.place[second]] += 1

    def tensor(self):
        out = torch.zeros(len(self.letters), len(self.letters), dtype=torch.int64)
        for i, row in enumerate(self.rows):
            out[i] = torch.tensor(row, dtype=torch.int64)
        return out


def bigram(text: str) -> tuple[list[str], torch.Tensor]:
    seen = []
    for c in sorted(text):
        if not seen or seen[-1] != c:
            seen.append(c)
    table = _Table(seen)
    previous = None
    for c in text:
        if previous is not None:
            table.see(previous, c)
        previous = c
    return table.letters, table.tensor()
