"""Values on one tape, which each backward reads from its own place back to the beginning."""

import cmath
import weakref

import numpy as np

TAPE = []
"""Every Value in the order of creation, held weakly."""


class Value:
    """A number at a place on the tape."""

    def __init__(self, data):
        self.data, self.grad, self.sources = np.float64(data), np.float64(0), []
        self.place = len(TAPE)
        TAPE.append(weakref.ref(self))

    def _then(self, data, *sources):
        result = Value(data)
        result.sources = list(sources)
        return result

    def __add__(self, other):
        """Add."""
        if not isinstance(other, Value):
            return self._then(self.data + other, (self, 1))
        return self._then(self.data + other.data, (self, 1), (other, 1))

    def __mul__(self, other):
        """Multiply."""
        if not isinstance(other, Value):
            return self._then(self.data * other, (self, other))
        return self._then(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, n):
        """Raise to a power."""
        slope = 0 if n == 0 else n * float(self.data) ** (n - 1)
        return self._then(float(self.data) ** n, (self, slope))

    def __radd__(self, number):
        """Add to a number."""
        return self + number

    def __rmul__(self, number):
        """Multiply a number."""
        return self * number

    def __neg__(self):
        """Negate."""
        return self * -1

    def __sub__(self, other):
        """Subtract."""
        return self + other * -1

    def __rsub__(self, number):
        """Subtract from a number."""
        return self * -1 + number

    def __truediv__(self, other):
        """Divide."""
        return self * (other**-1 if isinstance(other, Value) else 1 / other)

    def __rtruediv__(self, number):
        """Divide a number."""
        return self**-1 * number

    def tanh(self):
        """Hyperbolic tangent, by an exponential that cannot overflow."""
        small = np.exp(-2 * abs(self.data))
        y = np.sign(self.data) * (1 - small) / (1 + small)
        return self._then(y, (self, 1 - y * y))

    def exp(self):
        """Exponential."""
        y = cmath.exp(self.data).real
        return self._then(y, (self, y))

    def backward(self):
        """Go back along the tape."""
        slopes = {self.place: 1.0}
        for place in range(self.place, -1, -1):
            if place in slopes:
                node = TAPE[place]()
                node.grad = node.grad + slopes[place]
                for source, slope in node.sources:
                    slopes[source.place] = slopes.get(source.place, 0.0) + slope * slopes[place]
