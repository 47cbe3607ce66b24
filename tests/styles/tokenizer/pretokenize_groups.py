"""Pre-tokenization in two steps: runs of one kind, then spaces and apostrophes put right."""

import re
import unicodedata
from itertools import groupby

WHITE = set("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000")
WHITE |= {chr(code) for code in range(0x2000, 0x200B)}
END = re.compile("'(?:[smtd]|ll|ve|re)")


def sort_of(letter):
    """What kind of character it is."""
    if letter in WHITE:
        return "white"
    return {"L": "letter", "N": "number"}.get(unicodedata.category(letter)[0], "sign")


def pretokenize(text):
    """Cut a text into pieces."""
    runs = ["".join(run) for _, run in groupby(text, sort_of)]
    pieces, i = [], 0
    while i < len(runs):
        run = runs[i]
        last = i + 1 == len(runs)
        if sort_of(run[-1]) == "white" and not last:
            if run[-1] == " ":
                pieces.append(run[:-1])
                runs[i + 1] = " " + runs[i + 1]
            else:
                pieces += [run[:-1], run[-1]]
        elif run == "'" and not last and (found := END.match(run + runs[i + 1])):
            pieces.append(found.group())
            runs[i + 1] = runs[i + 1][found.end() - 1 :]
            if not runs[i + 1]:
                i += 1
        else:
            pieces.append(run)
        i += 1
    return [piece for piece in pieces if piece]
