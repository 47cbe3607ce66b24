"""Values with a closure each, called when all that uses them has been."""

import math


class Value:
    """A number, its children, and a function that hands its derivative on."""

    def __init__(self, data, children=(), hand_on=None):
        self.data = data
        self.grad = 0
        self._children = children
        self._hand_on = hand_on or (lambda upstream: ())

    def _lift(self, thing):
        return thing if isinstance(thing, Value) else Value(thing)

    def __add__(self, other):
        """Add."""
        other = self._lift(other)
        return Value(self.data + other.data, (self, other), lambda up: (up, up))

    def __radd__(self, other):
        """Add to a number."""
        return self._lift(other) + self

    def __neg__(self):
        """Negate."""
        return Value(-self.data, (self,), lambda up: (-up,))

    def __sub__(self, other):
        """Subtract."""
        return self + (-self._lift(other))

    def __rsub__(self, other):
        """Subtract from a number."""
        return self._lift(other) + (-self)

    def __mul__(self, other):
        """Multiply."""
        other = self._lift(other)
        return Value(
            self.data * other.data,
            (self, other),
            lambda up: (up * other.data, up * self.data),
        )

    def __rmul__(self, other):
        """Multiply a number."""
        return self._lift(other) * self

    def __pow__(self, n):
        """Raise to a power."""

        def hand_on(up):
            return (0 if n == 0 else up * n * self.data ** (n - 1),)

        return Value(self.data**n, (self,), hand_on)

    def __truediv__(self, other):
        """Divide."""
        return self * self._lift(other) ** -1

    def __rtruediv__(self, other):
        """Divide a number."""
        return self._lift(other) * self**-1

    def tanh(self):
        """Hyperbolic tangent."""
        y = math.tanh(self.data)
        return Value(y, (self,), lambda up: (up * (1 - y**2),))

    def exp(self):
        """Exponential."""
        y = math.exp(self.data)
        return Value(y, (self,), lambda up: (up * y,))

    def backward(self):
        """Count the uses of each Value; one whose uses are all done is ready."""
        uses, todo, met = {}, [self], {self}
        while todo:
            for child in todo.pop()._children:
                uses[child] = uses.get(child, 0) + 1
                if child not in met:
                    met.add(child)
                    todo.append(child)
        upstream, ready = {self: 1}, [self]
        while ready:
            node = ready.pop()
            node.grad = node.grad + upstream[node]
            for child, part in zip(node._children, node._hand_on(upstream[node]), strict=True):
                upstream[child] = upstream.get(child, 0) + part
                uses[child] -= 1
                if uses[child] == 0:
                    ready.append(child)
