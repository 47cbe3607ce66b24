# right: data as it comes, ints too
from __future__ import annotations

import math


class Value:
    def __init__(self, data: float) -> None:
        self.data = data
        self.grad = 0.0
        self._links = ()

    @staticmethod
    def _new(data: float, *links: tuple[Value, float]) -> Value:
        out = Value(data)
        out._links = links
        return out

    @staticmethod
    def _wrap(other: Value | float) -> Value:
        return other if isinstance(other, Value) else Value(other)

    def __add__(self, other: Value | float) -> Value:
        other = self._wrap(other)
        return self._new(self.data + other.data, (self, 1.0), (other, 1.0))

    def __radd__(self, other: float) -> Value:
        return self + other

    def __sub__(self, other: Value | float) -> Value:
        return self + -other

    def __rsub__(self, other: float) -> Value:
        return Value(other) - self

    def __mul__(self, other: Value | float) -> Value:
        other = self._wrap(other)
        x, z = self.data, other.data
        return self._new(x * z, (self, z), (other, x))

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __truediv__(self, other: Value | float) -> Value:
        other = self._wrap(other)
        x, z = self.data, other.data
        return self._new(x / z, (self, 1 / z), (other, -(x / z) / z))

    def __rtruediv__(self, other: float) -> Value:
        return Value(other) / self

    def __neg__(self) -> Value:
        return self._new(-self.data, (self, -1.0))

    def __pow__(self, n: float) -> Value:
        x = self.data
        slope = 0.0 if n == 0 else n * x ** (n - 1)
        return self._new(x**n, (self, slope))

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        return self._new(t, (self, 1 - t * t))

    def exp(self) -> Value:
        e = math.exp(self.data)
        return self._new(e, (self, e))

    def backward(self) -> None:
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            value, done = stack.pop()
            if done:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                stack.append((value, True))
                stack.extend((operand, False) for operand, _ in value._links)
        parts = dict.fromkeys(order, 0.0)
        parts[self] = 1.0
        for value in reversed(order):
            for operand, slope in value._links:
                parts[operand] += slope * parts[value]
        for value, part in parts.items():
            value.grad += part
