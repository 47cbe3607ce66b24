"""Values numbered as they are created: a higher number never enters a lower one."""

import itertools
import math

NUMBERS = itertools.count()


def _wrap(thing):
    return thing if isinstance(thing, Value) else Value(thing)


class Value:
    """A number with its operands and slopes."""

    def __init__(self, data, operands=(), slopes=()):
        self.data = float(data)
        self.grad = 0.0
        self.operands, self.slopes = operands, slopes
        self.number = next(NUMBERS)

    def __add__(self, other):
        """Add."""
        other = _wrap(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __sub__(self, other):
        """Subtract."""
        other = _wrap(other)
        return Value(self.data - other.data, (self, other), (1.0, -1.0))

    def __mul__(self, other):
        """Multiply."""
        other = _wrap(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __truediv__(self, other):
        """Divide."""
        other = _wrap(other)
        quotient = self.data / other.data
        return Value(quotient, (self, other), (1 / other.data, -quotient / other.data))

    def __pow__(self, n):
        """Raise to a power."""
        slope = n * self.data ** (n - 1) if n != 0 else 0.0
        return Value(self.data**n, (self,), (slope,))

    def __neg__(self):
        """Negate."""
        return Value(-self.data, (self,), (-1.0,))

    def tanh(self):
        """Hyperbolic tangent."""
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))

    def exp(self):
        """Exponential."""
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        """Subtract from a number."""
        return _wrap(other) - self

    def __rtruediv__(self, other):
        """Divide a number."""
        return _wrap(other) / self

    def backward(self):
        """Sort what can be reached by number, and go down."""
        reached, todo = {id(self): self}, [self]
        for node in todo:
            for operand in node.operands:
                if id(operand) not in reached:
                    reached[id(operand)] = operand
                    todo.append(operand)
        parts = {id(self): 1.0}
        for node in sorted(reached.values(), key=lambda v: v.number, reverse=True):
            part = parts[id(node)]
            node.grad += part
            for operand, slope in zip(node.operands, node.slopes, strict=True):
                parts[id(operand)] = parts.get(id(operand), 0.0) + part * slope
