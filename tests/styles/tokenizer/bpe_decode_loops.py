"""Decoding with a growing row of bytes, runs between special tokens read by themselves."""


def bpe_decode(ids, merges, special=None):
    """Turn ids back into text."""
    names = {}
    for name, number in (special or {}).items():
        names[number] = name
    text, row = "", bytearray()
    for i in ids:
        if i in names:
            text += row.decode("utf-8", "replace") + names[i]
            row = bytearray()
        elif 0 <= i < 256:
            row.append(i)
        elif 256 <= i < 256 + len(merges):
            row += merges[i - 256][0]
            row += merges[i - 256][1]
        else:
            raise ValueError(f"unknown id {i}")
    return text + row.decode("utf-8", "replace")
