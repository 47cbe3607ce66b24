# right: closures for the derivatives, order by counting uses
from __future__ import annotations

import math


def _is_value(x):
    return isinstance(x, Value)


class Value:
    def __init__(self, data: float) -> None:
        self.data = data
        self.grad = 0.0
        self._parents = []
        self._pull = None

    def _result(self, data, parents, pull):
        out = Value(data)
        out._parents = parents
        out._pull = pull
        return out

    def __add__(self, other: Value | float) -> Value:
        if not _is_value(other):
            return self._result(float(self.data) + other, [self], lambda g: (g,))
        return self._result(float(self.data) + other.data, [self, other], lambda g: (g, g))

    def __radd__(self, other: float) -> Value:
        return self + other

    def __sub__(self, other: Value | float) -> Value:
        if not _is_value(other):
            return self._result(float(self.data) - other, [self], lambda g: (g,))
        return self._result(float(self.data) - other.data, [self, other], lambda g: (g, -g))

    def __rsub__(self, other: float) -> Value:
        return self._result(other - float(self.data), [self], lambda g: (-g,))

    def __mul__(self, other: Value | float) -> Value:
        x = float(self.data)
        if not _is_value(other):
            return self._result(x * other, [self], lambda g: (g * other,))
        z = float(other.data)
        return self._result(x * z, [self, other], lambda g: (g * z, g * x))

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __truediv__(self, other: Value | float) -> Value:
        x = float(self.data)
        if not _is_value(other):
            return self._result(x / other, [self], lambda g: (g / other,))
        z = float(other.data)
        return self._result(x / z, [self, other], lambda g: (g / z, -g * (x / z) / z))

    def __rtruediv__(self, other: float) -> Value:
        x = float(self.data)
        return self._result(other / x, [self], lambda g: (-g * (other / x) / x,))

    def __neg__(self) -> Value:
        return self._result(-float(self.data), [self], lambda g: (-g,))

    def __pow__(self, n: float) -> Value:
        x = float(self.data)
        return self._result(x**n, [self], lambda g: (g * n * x ** (n - 1) if n != 0 else 0.0,))

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        return self._result(t, [self], lambda g: (g * (1 - t**2),))

    def exp(self) -> Value:
        e = math.exp(self.data)
        return self._result(e, [self], lambda g: (g * e,))

    def backward(self) -> None:
        # How many uses of each value, below self, have not yet handed their part down.
        waiting = {id(self): 0}
        todo = [self]
        while todo:
            for p in todo.pop()._parents:
                if id(p) not in waiting:
                    waiting[id(p)] = 0
                    todo.append(p)
                waiting[id(p)] += 1
        total = {id(self): 1.0}
        ready = [self]
        while ready:
            v = ready.pop()
            g = total.pop(id(v))
            v.grad += g
            if v._pull is None:
                continue
            for p, part in zip(v._parents, v._pull(g)):
                total[id(p)] = total.get(id(p), 0.0) + part
                waiting[id(p)] -= 1
                if waiting[id(p)] == 0:
                    ready.append(p)
