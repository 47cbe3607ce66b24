"""Wrong versions of Value."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_the_ways_in_which_a_value_enters_are_added")
def last_way_only():
    """a derivative that is overwritten (= in place of +=) when a Value is used a second time"""
    with spelling():
        edit("total[operand] += slope", "total[operand] = slope")
    with spelling():
        edit("            node.grad += total[node]\n", "            node.grad = total[node]\n")
        edit("total[operand] += slope", "total[operand] = slope")


@caught_by("test_the_ways_in_which_a_value_enters_are_added")
def operands_in_a_set():
    """operands kept in a set, so that x + x or x * x has one operand instead of two"""
    edit("for operand, slope in node._operands:", "for operand, slope in set(node._operands):")


@caught_by("test_a_second_backward_adds_the_same_again")
def grad_overwritten():
    """grad set to the derivative instead of added to, so that a second call changes nothing"""
    with spelling():
        edit("node.grad += total[node]", "node.grad = total[node]")
    with spelling():
        edit(
            "total[self] = 1.0",
            "total[self] = 1.0\n        for node in order:\n            node.grad = 0.0",
        )


@caught_by("test_a_second_backward_adds_the_same_again")
def old_grad_passed_on():
    """grad itself passed on, with what an earlier call has left in it"""
    with spelling():
        edit("node.grad += total[node]", "node.grad += total[node] if node is self else 0.0")
        edit(
            "total[operand] += slope * total[node]",
            "operand.grad += slope * node.grad",
        )
    with spelling():
        edit("node.grad += total[node]", "node.grad = 1.0 if node is self else node.grad")
        edit(
            "total[operand] += slope * total[node]",
            "operand.grad += slope * node.grad",
        )


@caught_by("test_a_second_backward_adds_the_same_again")
def graph_freed():
    """operands forgotten after the first backward, so that a second one finds none"""
    edit(
        "                total[operand] += slope * total[node]",
        "                total[operand] += slope * total[node]\n            node._operands = ()",
    )


@caught_by("test_a_derivative_is_complete_before_it_is_passed_on")
def in_the_order_of_meeting():
    """each Value's derivative passed on when it is first met, before all of its parts are there"""
    with spelling():

        class Value:
            def backward(self):
                total, order, seen = {self: 1.0}, [self], {self}
                for node in order:
                    for operand, slope in node._operands:
                        total[operand] = total.get(operand, 0.0) + slope * total[node]
                        if operand not in seen:
                            seen.add(operand)
                            order.append(operand)
                for node in order:
                    node.grad += total[node]

    with spelling():
        edit(
            "return self + -other",
            "other = other if isinstance(other, Value) else Value(other)\n"
            "        result = Value(self.data - other.data)\n"
            "        result._operands = ((self, 1.0), (other, -1.0))\n        return result",
        )
        edit(
            "return self * other**-1",
            "other = other if isinstance(other, Value) else Value(other)\n"
            "        result = Value(self.data / other.data)\n"
            "        slope = -self.data / other.data**2\n"
            "        result._operands = ((self, 1 / other.data), (other, slope))\n"
            "        return result",
        )
        edit("return self**-1 * other", "return Value(other) / self")
        edit(
            "return self * -1.0",
            "result = Value(-self.data)\n"
            "        result._operands = ((self, -1.0),)\n        return result",
        )
        edit("return -self + other", "return Value(other) - self")
        edit(
            "        for node in reversed(order):",
            "        order, seen = [self], {self}\n        for node in order:\n"
            "            for operand, _ in node._operands:\n"
            "                if operand not in seen:\n"
            "                    seen.add(operand)\n                    order.append(operand)\n"
            "        for node in order:",
        )

    with spelling():

        class Value:
            def backward(self):
                total, stack, seen = {self: 1.0}, [self], set()
                while stack:
                    node = stack.pop()
                    if node in seen:
                        continue
                    seen.add(node)
                    for operand, slope in node._operands:
                        total[operand] = total.get(operand, 0.0) + slope * total[node]
                        stack.append(operand)
                for node in seen:
                    node.grad += total[node]

    with spelling():

        class Value:
            def backward(self):
                total, stack, seen = {self: 1.0}, [self], {self}
                while stack:
                    node = stack.pop()
                    for operand, slope in node._operands:
                        total[operand] = total.get(operand, 0.0) + slope * total[node]
                        if operand not in seen:
                            seen.add(operand)
                            stack.append(operand)
                for node in seen:
                    node.grad += total[node]


@caught_by("test_many_ways_take_little_time")
def every_way_walked():
    """every way from the result to a Value walked by itself: their number doubles with each use"""

    class Value:
        def backward(self, slope=1.0):
            self.grad += slope
            for operand, more in self._operands:
                operand.backward(slope * more)


@caught_by("test_a_chain_of_5000_operations")
def recursion():
    """a recursive search, which Python ends at a depth of 1,000"""

    class Value:
        def backward(self):
            order, seen = [], set()

            def visit(node):
                if node not in seen:
                    seen.add(node)
                    for operand, _ in node._operands:
                        visit(operand)
                    order.append(node)

            visit(self)
            total = dict.fromkeys(order, 0.0)
            total[self] = 1.0
            for node in reversed(order):
                node.grad += total[node]
                for operand, slope in node._operands:
                    total[operand] += slope * total[node]


@caught_by("test_values_in_between_have_gradients_too")
def first_values_only():
    """a grad for the Values that were not computed from others, and none for those in between"""
    edit("node.grad += total[node]", "node.grad += 0.0 if node._operands else total[node]")


@caught_by("test_values_in_between_have_gradients_too")
def own_grad_forgotten():
    """no grad of 1 for the Value itself on which backward is called"""
    edit("node.grad += total[node]", "node.grad += 0.0 if node is self else total[node]")


@caught_by("test_each_operation_computes_its_number")
def grad_of_none():
    """a grad that is None until backward instead of 0"""
    edit("self.grad = 0.0", "self.grad = None")
    edit("node.grad += total[node]", "node.grad = (node.grad or 0.0) + total[node]")


@caught_by("test_a_second_backward_adds_the_same_again")
def grad_as_the_start():
    """what self.grad holds taken for the derivative of self, which is always 1"""
    edit("total[self] = 1.0", "total[self] = self.grad or 1.0")


@caught_by("test_a_number_may_stand_on_either_side")
def subtraction_reversed():
    """x - 2 returned for 2 - x: the two sides exchanged"""
    edit("return -self + other", "return self - other")


@caught_by("test_a_number_may_stand_on_either_side")
def division_reversed():
    """x / 2 returned for 2 / x: the two sides exchanged"""
    edit("return self**-1 * other", "return self / other")


@caught_by("test_a_number_may_stand_on_either_side")
def no_number_on_the_left():
    """an operation that a number on its left cannot use: the method for 2 - x is missing"""
    with spelling():
        edit("def __rsub__(", "def _rsub(")
    with spelling():
        edit("def __rtruediv__(", "def _rtruediv(")
    with spelling():
        edit("def __radd__(", "def _radd(")
    with spelling():
        edit("def __rmul__(", "def _rmul(")


@caught_by("test_a_number_may_stand_on_either_side")
def numbers_not_wrapped():
    """a number taken for a Value: it has no data"""
    with spelling():
        edit(
            "other = other if isinstance(other, Value) else Value(other)\n"
            "        result = Value(self.data + other.data)",
            "result = Value(self.data + other.data)",
        )
        edit("return -self + other", "return -self + Value(other)")
    with spelling():
        edit(
            "other = other if isinstance(other, Value) else Value(other)\n"
            "        result = Value(self.data * other.data)",
            "result = Value(self.data * other.data)",
        )
        edit("return self * -1.0", "return self * Value(-1.0)")


@caught_by("test_each_operation_has_its_derivatives")
def own_data_as_the_slope():
    """the derivatives of a product exchanged: each factor gets its own data"""
    edit("((self, other.data), (other, self.data))", "((self, self.data), (other, other.data))")


@caught_by("test_each_operation_has_its_derivatives")
def minus_forgotten():
    """the derivative of y in x - y without its minus sign"""
    edit(
        "return self + -other",
        "other = other if isinstance(other, Value) else Value(other)\n"
        "        result = Value(self.data - other.data)\n"
        "        result._operands = ((self, 1.0), (other, 1.0))\n        return result",
    )


@caught_by("test_each_operation_has_its_derivatives")
def quotient_without_the_square():
    """the derivative of y in x / y as -x / y instead of -x / y^2, or without its minus sign"""
    with spelling():
        edit(
            "return self * other**-1",
            "other = other if isinstance(other, Value) else Value(other)\n"
            "        result = Value(self.data / other.data)\n"
            "        slope = -self.data / other.data\n"
            "        result._operands = ((self, 1 / other.data), (other, slope))\n"
            "        return result",
        )
    with spelling():
        edit(
            "return self * other**-1",
            "other = other if isinstance(other, Value) else Value(other)\n"
            "        result = Value(self.data / other.data)\n"
            "        slope = self.data / other.data**2\n"
            "        result._operands = ((self, 1 / other.data), (other, slope))\n"
            "        return result",
        )


@caught_by("test_a_derivative_worked_by_hand")
def number_over_value():
    """the derivative of n / x without its minus sign, or as -n / x instead of -n / x^2"""
    with spelling():
        edit(
            "return self**-1 * other",
            "result = Value(other / self.data)\n"
            "        result._operands = ((self, other / self.data**2),)\n        return result",
        )
    with spelling():
        edit(
            "return self**-1 * other",
            "result = Value(other / self.data)\n"
            "        result._operands = ((self, -other / self.data),)\n        return result",
        )


@caught_by("test_powers_with_any_exponent")
def exponent_not_lowered():
    """n x^n instead of n x^(n-1) as the derivative of x^n"""
    edit("n * self.data ** (n - 1) if n else 0.0", "n * self.data**n")


@caught_by("test_powers_with_any_exponent")
def factor_forgotten():
    """x^(n-1) without the factor n as the derivative of x^n"""
    edit("n * self.data ** (n - 1) if n else 0.0", "self.data ** (n - 1) if n else 0.0")


@caught_by("test_powers_with_any_exponent")
def zero_to_the_zero():
    """an error for x ** 0 at x = 0: 0 ** -1 is computed, though it is multiplied by 0"""
    edit("n * self.data ** (n - 1) if n else 0.0", "n * self.data ** (n - 1)")


@caught_by("test_powers_with_any_exponent")
def power_by_logarithm():
    """a power as exp(n log x), which fails for x below 0 and for 0"""
    edit("Value(self.data**n)", "Value(math.exp(n * math.log(self.data)))")


@caught_by("test_each_operation_has_its_derivatives")
def slope_from_the_input():
    """1 - x^2 as the derivative of tanh instead of 1 - tanh(x)^2"""
    edit("1 - result.data**2", "1 - self.data**2")


@caught_by("test_each_operation_has_its_derivatives")
def slope_without_the_square():
    """1 - tanh(x) as the derivative of tanh instead of 1 - tanh(x)^2"""
    edit("1 - result.data**2", "1 - result.data")


@caught_by("test_tanh_takes_any_finite_number")
def tanh_by_its_formula():
    """tanh as (e^2x - 1) / (e^2x + 1), in which the exponential overflows"""
    with spelling():
        edit(
            "Value(math.tanh(self.data))",
            "Value((math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1))",
        )
    with spelling():
        edit(
            "Value(math.tanh(self.data))",
            "Value((math.exp(self.data) - math.exp(-self.data)) "
            "/ (math.exp(self.data) + math.exp(-self.data)))",
        )


@caught_by("test_each_operation_has_its_derivatives")
def exponential_as_a_power():
    """x e^x, x e^(x-1) or x as the derivative of e^x, as if the rule for powers applied"""
    with spelling():
        edit("((self, result.data),)", "((self, self.data * result.data),)")
    with spelling():
        edit("((self, result.data),)", "((self, self.data),)")
    with spelling():
        edit("((self, result.data),)", "((self, self.data * math.exp(self.data - 1)),)")


@caught_by("test_operations_return_new_values")
def the_same_value_returned():
    """x itself returned where the number does not change: for x + 0, 0 + x, x * 1 or x ** 1"""
    with spelling():
        edit(
            "        return self + other\n",
            "        return self if other == 0 else self + other\n",
        )
    with spelling():
        edit(
            "result = Value(self.data + other.data)",
            "if other.data == 0:\n            return self\n"
            "        result = Value(self.data + other.data)",
        )
    with spelling():
        edit(
            "result = Value(self.data * other.data)",
            "if other.data == 1:\n            return self\n"
            "        result = Value(self.data * other.data)",
        )
    with spelling():
        edit(
            "result = Value(self.data**n)",
            "if n == 1:\n            return self\n        result = Value(self.data**n)",
        )


@caught_by("test_operations_return_new_values")
def changed_in_place():
    """x changed by x += 4, so that what was computed from it is wrong"""
    edit(
        "    def __radd__(",
        "    def __iadd__(self, other):\n        self.data += other\n        return self\n\n"
        "    def __radd__(",
    )


@caught_by("test_each_operation_computes_its_number")
def negated_in_place():
    """-x computed by changing the sign of x itself"""
    with spelling():
        edit(
            "return self * -1.0",
            "self.data = -self.data\n        result = Value(self.data)\n"
            "        result._operands = ((self, -1.0),)\n        return result",
        )
        edit("return -self + other", "return Value(other) - self")
        edit(
            "return self + -other",
            "other = other if isinstance(other, Value) else Value(other)\n"
            "        result = Value(self.data - other.data)\n"
            "        result._operands = ((self, 1.0), (other, -1.0))\n        return result",
        )
    with spelling():
        edit("return self * -1.0", "self.data = -self.data\n        return self")
        edit("return -self + other", "return Value(other) - self")
        edit(
            "return self + -other",
            "other = other if isinstance(other, Value) else Value(other)\n"
            "        result = Value(self.data - other.data)\n"
            "        result._operands = ((self, 1.0), (other, -1.0))\n        return result",
        )


@caught_by("test_a_derivative_worked_by_hand")
def equal_by_data():
    """Values that are equal if their data is, so that the search takes two of them for one"""
    with spelling():
        edit(
            "    def __add__(",
            "    def __eq__(self, other):\n"
            "        return isinstance(other, Value) and self.data == other.data\n\n"
            "    def __hash__(self):\n        return hash(self.data)\n\n    def __add__(",
        )
    with spelling():
        edit(
            "    def __add__(",
            "    def __eq__(self, other):\n"
            "        return isinstance(other, Value) and self.data == other.data\n\n"
            "    def __hash__(self):\n        return hash(self.data)\n\n    def __add__(",
        )
        edit(
            "return self * other**-1",
            "other = other if isinstance(other, Value) else Value(other)\n"
            "        result = Value(self.data / other.data)\n"
            "        slope = -self.data / other.data**2\n"
            "        result._operands = ((self, 1 / other.data), (other, slope))\n"
            "        return result",
        )
        edit("return self**-1 * other", "return Value(other) / self")
        edit(
            "return self * -1.0",
            "result = Value(-self.data)\n"
            "        result._operands = ((self, -1.0),)\n        return result",
        )
        edit("return -self + other", "return Value(other) - self")


@caught_by("test_a_second_backward_adds_the_same_again")
def uses_counted_for_good():
    """each use of a Value waited for, also by results that are not part of this backward"""
    edit(
        "        self._operands: tuple",
        "        self._uses = 0\n        self._operands: tuple",
    )
    edit(
        "    def __add__(",
        "    def __setattr__(self, name, thing):\n"
        "        object.__setattr__(self, name, thing)\n"
        '        if name == "_operands":\n'
        "            for operand, _ in thing:\n"
        "                operand._uses += 1\n\n    def __add__(",
    )
    edit(
        "        for node in reversed(order):",
        "        waiting = {node: node._uses for node in order}\n"
        "        order = [self]\n"
        "        for node in order:\n"
        "            for operand, _ in node._operands:\n"
        "                waiting[operand] -= 1\n"
        "                if waiting[operand] == 0:\n"
        "                    order.append(operand)\n"
        "        for node in order:",
    )


@caught_by("test_data_that_is_set_counts_from_then_on")
def first_data_used():
    """the data of the creation used by all operations, whatever data is set later"""
    edit("self.data = data", "self.data = self._first = data")
    edit("Value(self.data + other.data)", "Value(self._first + other._first)")
    edit("Value(self.data * other.data)", "Value(self._first * other._first)")
    edit("((self, other.data), (other, self.data))", "((self, other._first), (other, self._first))")
    edit("Value(self.data**n)", "Value(self._first**n)")
    edit("n * self.data ** (n - 1)", "n * self._first ** (n - 1)")
    edit("Value(math.tanh(self.data))", "Value(math.tanh(self._first))")
    edit("Value(math.exp(self.data))", "Value(math.exp(self._first))")


@caught_by("test_a_second_backward_adds_the_same_again")
def parts_kept():
    """the parts of an earlier backward kept in the Values, so that a second one adds more"""
    edit(
        "total = dict.fromkeys(order, 0.0)",
        'for node in order:\n            node.part = getattr(node, "part", 0.0)',
    )
    edit("total[self] = 1.0", "self.part = 1.0")
    edit("node.grad += total[node]", "node.grad += node.part")
    edit("total[operand] += slope * total[node]", "operand.part += slope * node.part")
