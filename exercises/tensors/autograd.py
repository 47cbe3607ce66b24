"""Automatic differentiation: numbers that remember how they were computed."""

from __future__ import annotations

import math


class Value:
    """A number that knows the numbers it was computed from, and so its derivatives.

    With Values x and y and a number n (int or float), these operations return a Value:

        x + y   x - y   x * y   x / y    each also with n in place of x or of y: 2 - x, x / 2
        -x   x ** n   x.tanh()   x.exp()

    Each returns a new Value, even for x + 0 or x ** 1, and changes no other Value. Its ``data`` is
    what Python computes with the ``data`` of its operands, in float64. x ** 0 is 1 and has the
    derivative 0, also if x is 0. In x ** n, x is not 0 if n is negative, and x is above 0 if n is
    not a whole number. tanh takes any finite number, 1000 too; exp takes numbers up to 700. All
    other results and derivatives stay far inside the range of float64.

    The derivative dy/dv of a Value y with respect to a Value v that it was computed from is the
    sum, over every way in which v enters y, of the product of the derivatives of the operations on
    that way. dy/dy is 1.

    Up to 5,000 operations may depend on one another in a row, and a Value may enter another one in
    2**60 ways: ``backward`` then still takes less than a second.

    ``data`` and ``grad`` are numbers and may be set. No ``data`` is changed between the computation
    of a Value and its ``backward``; what is computed later uses the new ``data``.

    >>> x = Value(2.0)
    >>> y = x * x + 2 / x
    >>> y.backward()
    >>> y.data, x.grad
    (5.0, 3.5)

    Not to be used: PyTorch, JAX and SymPy, which differentiate by themselves. Source: Karpathy,
    micrograd; Baydin et al., 2018, section 3.2.
    """

    def __init__(self, data: float) -> None:
        """Create a Value that was not computed from others, with a ``grad`` of 0.

        Args:
            data: int or float.
        """
        raise NotImplementedError("write Value.__init__ (about 3 lines)")

    def __add__(self, other: Value | float) -> Value:
        """Return self + other."""
        raise NotImplementedError("write Value.__add__ (about 4 lines)")

    def __radd__(self, other: float) -> Value:
        """Return other + self, where other is a number."""
        raise NotImplementedError("write Value.__radd__ (about 1 line)")

    def __sub__(self, other: Value | float) -> Value:
        """Return self - other."""
        raise NotImplementedError("write Value.__sub__ (about 1 line)")

    def __rsub__(self, other: float) -> Value:
        """Return other - self, where other is a number."""
        raise NotImplementedError("write Value.__rsub__ (about 1 line)")

    def __mul__(self, other: Value | float) -> Value:
        """Return self * other."""
        raise NotImplementedError("write Value.__mul__ (about 4 lines)")

    def __rmul__(self, other: float) -> Value:
        """Return other * self, where other is a number."""
        raise NotImplementedError("write Value.__rmul__ (about 1 line)")

    def __truediv__(self, other: Value | float) -> Value:
        """Return self / other."""
        raise NotImplementedError("write Value.__truediv__ (about 1 line)")

    def __rtruediv__(self, other: float) -> Value:
        """Return other / self, where other is a number."""
        raise NotImplementedError("write Value.__rtruediv__ (about 1 line)")

    def __neg__(self) -> Value:
        """Return -self."""
        raise NotImplementedError("write Value.__neg__ (about 1 line)")

    def __pow__(self, n: float) -> Value:
        """Return self ** n, where n is a number."""
        raise NotImplementedError("write Value.__pow__ (about 4 lines)")

    def tanh(self) -> Value:
        """Return the hyperbolic tangent of self."""
        raise NotImplementedError("write Value.tanh (about 3 lines)")

    def exp(self) -> Value:
        """Return e to the power of self."""
        raise NotImplementedError("write Value.exp (about 3 lines)")

    def backward(self) -> None:
        """Add d self/dv to ``v.grad``, for self and for every Value v that it was computed from.

        These include the Values in between. The ``grad`` of every other Value stays as it is, also
        of those that were computed from self. What is added does not depend on what any ``grad``
        holds: a second call adds the same numbers again.
        """
        raise NotImplementedError("write Value.backward (about 17 lines)")
