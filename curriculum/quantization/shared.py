"""What the checks of the quantization exercises have in common."""

import torch

FLOAT32 = {"atol": 0, "rtol": 1e-5}
"""The accuracy of float32, which is enough for numbers in float64 too."""


def draw_off_ties(randint, rows, columns, largest):
    """Return rows of numbers that a scale of 1 rounds to whole ones, and these, as int8.

    No number is nearer than 0.1 to where rounding changes, so float32 and float64 round alike.
    Each row has the absmax ``largest``, with a random sign and at a random place.
    """
    whole = randint(-largest, largest + 1, rows, columns)
    moved = whole + randint(-40, 41, rows, columns).double() / 100
    x = moved.clamp(-largest, largest)
    places = torch.arange(rows), randint(0, columns, rows)
    signed = (2 * randint(0, 2, rows) - 1) * largest
    x[places], whole[places] = signed.double(), signed
    return x, whole.to(torch.int8)
