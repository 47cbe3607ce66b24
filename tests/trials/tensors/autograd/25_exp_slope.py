# wrong: the derivative of exp is treated like that of a power: x * exp(x - 1) | violates: the sum ... of the product of the derivatives of the operations on that way
from __future__ import annotations

import heapq
import itertools
import math

_numbers = itertools.count()


class Value:
    """Every Value has a number; operands always have smaller ones than results."""

    def __init__(self, data: float) -> None:
        self.data = float(data)
        self.grad = 0.0
        self._number = next(_numbers)
        self._operands: list[tuple[Value, float]] = []

    def _unary(self, data: float, slope: float) -> Value:
        out = Value(data)
        out._operands.append((self, slope))
        return out

    def _binary(self, other: Value, data: float, slope: float, other_slope: float) -> Value:
        out = self._unary(data, slope)
        out._operands.append((other, other_slope))
        return out

    def __add__(self, other: Value | float) -> Value:
        if isinstance(other, (int, float)):
            return self._unary(float(self.data) + float(other), 1.0)
        return self._binary(other, float(self.data) + float(other.data), 1.0, 1.0)

    def __radd__(self, other: float) -> Value:
        return self.__add__(other)

    def __sub__(self, other: Value | float) -> Value:
        if isinstance(other, (int, float)):
            return self._unary(float(self.data) - float(other), 1.0)
        return self._binary(other, float(self.data) - float(other.data), 1.0, -1.0)

    def __rsub__(self, other: float) -> Value:
        return self._unary(float(other) - float(self.data), -1.0)

    def __mul__(self, other: Value | float) -> Value:
        x = float(self.data)
        if isinstance(other, (int, float)):
            return self._unary(x * float(other), float(other))
        z = float(other.data)
        return self._binary(other, x * z, z, x)

    def __rmul__(self, other: float) -> Value:
        return self.__mul__(other)

    def __truediv__(self, other: Value | float) -> Value:
        x = float(self.data)
        if isinstance(other, (int, float)):
            return self._unary(x / float(other), 1 / float(other))
        z = float(other.data)
        y = x / z
        return self._binary(other, y, 1 / z, -y / z)

    def __rtruediv__(self, other: float) -> Value:
        x = float(self.data)
        y = float(other) / x
        return self._unary(y, -y / x)

    def __neg__(self) -> Value:
        return self._unary(-float(self.data), -1.0)

    def __pow__(self, n: float) -> Value:
        x = float(self.data)
        if n == 0:
            return self._unary(1.0, 0.0)
        return self._unary(x**n, n * x ** (n - 1))

    def tanh(self) -> Value:
        t = math.tanh(float(self.data))
        return self._unary(t, (1.0 - t) * (1.0 + t))

    def exp(self) -> Value:
        e = math.exp(float(self.data))
        return self._unary(e, float(self.data) * math.exp(float(self.data) - 1))

    def backward(self) -> None:
        found = {self._number: (self, 1.0)}
        heap = [-self._number]
        while heap:
            value, total = found.pop(-heapq.heappop(heap))
            value.grad += total
            for operand, slope in value._operands:
                key = operand._number
                if key not in found:
                    heapq.heappush(heap, -key)
                    found[key] = (operand, 0.0)
                found[key] = (operand, found[key][1] + slope * total)
