# wrong: one tape for all Values, which backward clears, so other results lose their operands | violates: Add d self/dv to ``v.grad``, for self and for every Value v that it was computed from.
from __future__ import annotations

import math


_tape: list[Value] = []


class Value:
    def __init__(self, data: float) -> None:
        self.data = float(data)
        self.grad = 0.0
        self._links = ()

    @staticmethod
    def _new(data: float, *links: tuple[Value, float]) -> Value:
        out = Value(data)
        out._links = links
        _tape.append(out)
        return out

    @staticmethod
    def _wrap(other: Value | float) -> Value:
        return other if isinstance(other, Value) else Value(other)

    def __add__(self, other: Value | float) -> Value:
        other = self._wrap(other)
        return self._new(float(self.data) + float(other.data), (self, 1.0), (other, 1.0))

    def __radd__(self, other: float) -> Value:
        return self + other

    def __sub__(self, other: Value | float) -> Value:
        return self + -other

    def __rsub__(self, other: float) -> Value:
        return Value(other) - self

    def __mul__(self, other: Value | float) -> Value:
        other = self._wrap(other)
        x, z = float(self.data), float(other.data)
        return self._new(x * z, (self, z), (other, x))

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __truediv__(self, other: Value | float) -> Value:
        other = self._wrap(other)
        x, z = float(self.data), float(other.data)
        return self._new(x / z, (self, 1 / z), (other, -(x / z) / z))

    def __rtruediv__(self, other: float) -> Value:
        return Value(other) / self

    def __neg__(self) -> Value:
        return self._new(-float(self.data), (self, -1.0))

    def __pow__(self, n: float) -> Value:
        x = float(self.data)
        slope = 0.0 if n == 0 else n * x ** (n - 1)
        return self._new(x**n, (self, slope))

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        return self._new(t, (self, 1 - t * t))

    def exp(self) -> Value:
        e = math.exp(self.data)
        return self._new(e, (self, e))

    def backward(self) -> None:
        parts = {self: 1.0}
        while _tape:
            value = _tape.pop()
            if value in parts:
                for operand, slope in value._links:
                    parts[operand] = parts.get(operand, 0.0) + slope * parts[value]
        for value, part in parts.items():
            value.grad += part
