"""The checks of automatic differentiation."""

import math
import operator

import torch

from grader.checks import close, holds

BINARY = ("add", "sub", "mul", "truediv")
LEAST = 0.3
"""In random graphs nothing nearer to 0 is divided by, so that derivatives stay moderate."""


def test_each_operation_computes_its_number(Value, beside):
    """A Value's data is the result of its operation, and its grad is 0 until backward."""
    x, y = Value(1.5), Value(-2.0)
    close(x.data, 1.5, say="Value(1.5).data")
    close(y.data, -2.0, say="Value(-2.0).data")
    results = [("x + y", -0.5), ("x - y", 3.5), ("x * y", -3.0), ("x / y", -0.75)]
    for name, (say, want) in zip(BINARY, results, strict=True):
        got = beside(f"operator.{name}")(x, y)
        close(got.data, want, say=f"{say} with x = 1.5, y = -2")
        close(got.grad, 0.0, say=f"the grad of {say}")
    close(beside("operator.neg")(x).data, -1.5, say="-x")
    close(beside("operator.pow")(x, 2).data, 2.25, say="x ** 2")
    close(x.tanh().data, math.tanh(1.5), say="x.tanh()")
    close(x.exp().data, math.exp(1.5), say="x.exp()")
    close(x.grad, 0.0, say="Value(1.5).grad")


def test_a_derivative_worked_by_hand(Value, beside):
    """For y = x * x + 2 / x at x = 2, y is 5 and dy/dx is 2x - 2/x^2 = 3.5."""
    add, mul, div = (beside(f"operator.{name}") for name in ("add", "mul", "truediv"))
    x = Value(2.0)
    y = add(mul(x, x), div(2, x))
    close(y.data, 5.0, say="y")
    y.backward()
    close(x.grad, 3.5, say="dy/dx")


def test_each_operation_has_its_derivatives(Value, beside):
    """The derivatives of +, -, *, /, negation, tanh and exp are those of calculus."""
    # For a = 1.5 and b = -2: d/da and d/db.
    slopes = {"add": (1, 1), "sub": (1, -1), "mul": (-2, 1.5), "truediv": (-0.5, -0.375)}
    for name, (of_a, of_b) in slopes.items():
        a, b = Value(1.5), Value(-2.0)
        beside(f"operator.{name}")(a, b).backward()
        close(a.grad, of_a, say=f"operator.{name}(a, b) with a = 1.5, b = -2: the grad of a")
        close(b.grad, of_b, say=f"operator.{name}(a, b) with a = 1.5, b = -2: the grad of b")
    x = Value(1.5)
    beside("operator.neg")(x).backward()
    close(x.grad, -1.0, say="-x: the grad of x")
    for at in (-0.7, 0.0, 0.4, 2.0):
        x = Value(at)
        x.tanh().backward()
        close(x.grad, 1 - math.tanh(at) ** 2, say=f"x.tanh() at {at}: the grad of x")
        x = Value(at)
        x.exp().backward()
        close(x.grad, math.exp(at), say=f"x.exp() at {at}: the grad of x")


def test_a_number_may_stand_on_either_side(Value, beside):
    """In x + n, n - x, n / x and the like, n may be an int or a float, on either side."""
    x = 4.0
    # n op x, and its derivative with respect to x; then x op n.
    cases = {
        "add": (lambda n: (n + x, 1), lambda n: (x + n, 1)),
        "sub": (lambda n: (n - x, -1), lambda n: (x - n, 1)),
        "mul": (lambda n: (n * x, n), lambda n: (x * n, n)),
        "truediv": (lambda n: (n / x, -n / x**2), lambda n: (x / n, 1 / n)),
    }
    for name, (left, right) in cases.items():
        for n in (2, -0.5):
            mine = Value(x)
            for form, args, (want, slope) in [
                (f"operator.{name}({n}, x)", (n, mine), left(n)),
                (f"operator.{name}(x, {n})", (mine, n), right(n)),
            ]:
                mine.grad = 0.0
                got = beside(f"operator.{name}")(*args)
                close(got.data, want, say=f"{form} with x = 4")
                got.backward()
                close(mine.grad, slope, say=f"{form} with x = 4: the grad of x")
    close(Value(-2).data, -2.0, say="Value(-2).data")


def test_powers_with_any_exponent(Value, beside):
    """x ** n has the derivative n x^(n-1): for negative x, for fractions, and 0 for n = 0."""
    power = beside("operator.pow")
    cases = [(base, n) for base in (2.0, -1.5) for n in (3, 2, 1, 0, -1, -2, 2.0)]
    cases += [(2.25, 0.5), (2.25, -1.5), (0.0, 0), (0.0, 1), (0.0, 2), (0.0, 3)]
    for base, n in cases:
        x = Value(base)
        got = power(x, n)
        close(got.data, base**n, say=f"x ** {n} at x = {base}")
        got.backward()
        want = n * base ** (n - 1) if n else 0.0
        close(x.grad, want, say=f"x ** {n} at x = {base}: the grad of x")


def test_the_ways_in_which_a_value_enters_are_added(Value, beside):
    """A Value that is used twice, in one operation or in two, gets the sum of both derivatives."""
    add, mul, sub = (beside(f"operator.{name}") for name in ("add", "mul", "sub"))
    for name, want in [("add", 2.0), ("mul", 6.0), ("sub", 0.0), ("truediv", 0.0)]:
        x = Value(3.0)
        beside(f"operator.{name}")(x, x).backward()
        close(x.grad, want, say=f"operator.{name}(x, x) at x = 3: the grad of x")
    x = Value(3.0)
    twice = mul(x, 2)
    left, right = mul(twice, twice), sub(1, twice)
    mul(left, right).backward()
    # y = t^2 (1 - t) with t = 2x = 6: dy/dt = 2t - 3t^2 = -96.
    close(twice.grad, -96.0, say="y = t * t * (1 - t) with t = 2 * x, x = 3: the grad of t")
    close(x.grad, -192.0, say="y = t * t * (1 - t) with t = 2 * x, x = 3: the grad of x")
    x = Value(0.5)
    add(x.exp(), x.tanh()).backward()
    want = math.exp(0.5) + 1 - math.tanh(0.5) ** 2
    close(x.grad, want, say="x.exp() + x.tanh() at x = 0.5: the grad of x")


def test_a_derivative_is_complete_before_it_is_passed_on(Value, beside):
    """A Value that is used early and late passes on the sum of both, whichever comes first."""
    add, mul = beside("operator.add"), beside("operator.mul")
    # y = t + t * 5 with t = 3x, where the second use of t is one or more operations further away.
    for steps in (1, 2, 3):
        for early_first in (True, False):
            x = Value(2.0)
            t = mul(x, 3)
            late = t
            for _ in range(steps):
                late = mul(late, 5)
            (add(t, late) if early_first else add(late, t)).backward()
            order = "t + late" if early_first else "late + t"
            say = f"{order}, where t = 3 * x and late = t * 5**{steps}"
            close(t.grad, 1.0 + 5**steps, say=f"{say}: the grad of t")
            close(x.grad, 3 * (1.0 + 5**steps), say=f"{say}: the grad of x")


def test_values_in_between_have_gradients_too(Value, beside):
    """backward gives self the grad 1, fills those in between, and leaves all others alone."""
    mul, add = beside("operator.mul"), beside("operator.add")
    x, w, other = Value(2.0), Value(5.0), Value(7.0)
    product = mul(x, w)
    y = product.tanh()
    z, unused = add(y, other), mul(x, other)
    y.backward()
    slope = 1 - math.tanh(10.0) ** 2
    close(y.grad, 1.0, say="y.backward(): the grad of y itself")
    close(product.grad, slope, say="y = (x * w).tanh(): the grad of x * w")
    close(x.grad, 5 * slope, say="y = (x * w).tanh(): the grad of x")
    for name, thing in [("z, computed from y", z), ("a Value that y does not use", other)]:
        close(thing.grad, 0.0, say=f"the grad of {name}")
    close(unused.grad, 0.0, say="the grad of another Value computed from x")
    alone = Value(3.0)
    alone.backward()
    close(alone.grad, 1.0, say="backward of a Value that was not computed from others")


def test_a_second_backward_adds_the_same_again(Value, beside):
    """Each backward adds the same derivatives, whatever grad holds, in between too."""
    mul, add = beside("operator.mul"), beside("operator.add")
    x = Value(2.0)
    t = mul(x, 3)
    y = mul(t, t)
    for times in (1, 2, 3):
        y.backward()
        for name, node, want in [("y", y, 1.0), ("t = 3 * x", t, 12.0), ("x", x, 36.0)]:
            say = f"y = t * t after {times} calls of backward: the grad of {name}"
            close(node.grad, times * want, say=say)
    x.grad, t.grad = 0.0, 100.0
    y.backward()
    close(x.grad, 36.0, say="after x.grad = 0 and t.grad = 100, backward: the grad of x")
    close(t.grad, 112.0, say="after x.grad = 0 and t.grad = 100, backward: the grad of t")
    x = Value(2.0)
    shared = x.exp()
    first, second = mul(shared, 3), add(shared, x)
    first.backward()
    second.backward()
    want = 3 * math.exp(2) + math.exp(2) + 1
    close(x.grad, want, say="two results that share x.exp(), backward of both: the grad of x")


def test_operations_return_new_values(Value, beside):
    """x + 0, x * 1, x ** 1 and the like are Values of their own, and no operation changes x."""
    x = Value(3.0)
    x.grad = 0.5
    calls = [("add", 0), ("sub", 0), ("mul", 1), ("truediv", 1), ("pow", 1)]
    results = [(name, beside(f"operator.{name}")(x, n)) for name, n in calls]
    results += [("add", beside("operator.add")(0, x)), ("mul", beside("operator.mul")(1, x))]
    for name, got in results:
        holds(got is not x, f"operator.{name} returns a new Value where the number is the same")
        got.backward()
        close(got.grad, 1.0, say=f"operator.{name}: the grad of the result")
    close(x.grad, 0.5 + len(results), say="the grad of x after a backward of each result")
    y = beside("operator.iadd")(x, 4)
    close(y.data, 7.0, say="x += 4")
    close(x.data, 3.0, say="x.data after all these operations")


def test_data_that_is_set_counts_from_then_on(Value, beside):
    """50 steps of gradient descent, each with a new graph, find the minimum of (x - 3)^2."""
    x = Value(0.0)
    for _ in range(50):
        x.grad = 0.0
        loss = beside("operator.pow")(beside("operator.sub")(x, 3), 2)
        loss.backward()
        x.data = x.data - 0.2 * x.grad
    close(x.data, 3.0, atol=1e-6, say="x after 50 steps at a learning rate of 0.2")


def test_tanh_takes_any_finite_number(Value):
    """tanh of 1000 is 1 and of -1000 is -1, without an error, and both derivatives are 0."""
    for at in (20.0, 400.0, 1000.0, 1e6):
        for sign in (1, -1):
            x = Value(sign * at)
            y = x.tanh()
            close(y.data, float(sign), say=f"tanh of {sign * at:g}")
            y.backward()
            close(x.grad, 0.0, say=f"tanh of {sign * at:g}: the grad of x")


def test_random_graphs_agree_with_pytorch(Value, beside, rng):
    """In 12 random graphs of 30 operations every data and grad equals PyTorch's in float64."""
    there = {name: beside(f"operator.{name}") for name in (*BINARY, "pow", "neg")}
    for number in range(12):
        ours, theirs = _draw_graph(Value, there, rng)
        ours[-1].backward()
        theirs[-1].backward()
        wants = [0.0 if twin.grad is None else twin.grad.item() for twin in theirs]
        scale = max(1.0, *map(abs, wants))
        for place, (mine, twin, want) in enumerate(zip(ours, theirs, wants, strict=True)):
            say = f"graph {number}, Value {place} of {len(ours)}"
            close(mine.data, twin.item(), say=f"{say}: data")
            close(mine.grad, want, atol=1e-9 * scale, say=f"{say}: grad")


def test_a_chain_of_5000_operations(Value, beside):
    """backward goes through 5,000 operations in a row without a RecursionError."""
    reduce = beside("functools.reduce")
    x = Value(1.001)
    y = reduce(beside("operator.mul"), [x] * 5001)
    y.backward()
    close(y.data, 1.001**5001, rtol=1e-8, say="x multiplied by itself 5,000 times, x = 1.001")
    close(x.grad, 5001 * 1.001**5000, rtol=1e-8, say="the grad of x")
    x = Value(0.25)
    y = reduce(beside("operator.sub"), [x, *[1, x] * 2500])
    y.backward()
    close(x.grad, -2499.0, say="x - 1 - x - 1 - x ..., 5,000 operations: the grad of x")


def test_many_ways_take_little_time(Value, beside):
    """After 60 times t = (t + t) * 0.5, x enters in 2^60 ways, and backward is still quick."""
    add, mul = beside("operator.add"), beside("operator.mul")
    x = Value(3.0)
    t = x
    for _ in range(60):
        t = mul(add(t, t), 0.5)
    t.backward()
    close(t.data, 3.0, say="60 times t = (t + t) * 0.5, beginning with x = 3")
    close(x.grad, 1.0, say="the grad of x")


def _draw_graph(Value, there, rng):
    """Return the Values of a random graph, the last computed from all, and PyTorch's twins."""
    ours, theirs = [], []

    def keep(mine, twin):
        ours.append(mine)
        theirs.append(twin)
        twin.retain_grad()

    for _ in range(3):
        start = rng.uniform(-2, 2)
        keep(Value(start), torch.tensor(start, dtype=torch.float64, requires_grad=True))
    while len(ours) < 33:
        i = max(rng.randrange(len(ours)), rng.randrange(len(ours)))
        if abs(theirs[i].item()) > 5:
            keep(ours[i].tanh(), theirs[i].tanh())
            continue
        form = rng.choice(("both", "both", "both", "left", "right", "pow", "neg", "tanh", "exp"))
        if form in ("tanh", "exp"):
            if theirs[i].item() < 2:
                keep(getattr(ours[i], form)(), getattr(theirs[i], form)())
        elif form == "neg":
            keep(there["neg"](ours[i]), -theirs[i])
        elif form == "pow":
            n = rng.choice((2, 3, -1, -2, 0.5, 1.5))
            if theirs[i].item() > LEAST or n in (2, 3):
                keep(there["pow"](ours[i], n), theirs[i] ** n)
        else:
            _keep_binary(ours, theirs, i, form, there, rng, keep)
    total, twin = ours[0], theirs[0]
    for mine, other in zip(ours[-4:], theirs[-4:], strict=True):
        total, twin = there["add"](total, mine), twin + other
    keep(total, twin)
    return ours, theirs


def _keep_binary(ours, theirs, i, form, there, rng, keep):
    """Keep the result of two Values of the graph, or of one of them and a number."""
    name = rng.choice(BINARY)
    j, n = rng.randrange(len(ours)), rng.choice((2, -3, 0.5, -1.25))
    mine = {"both": (ours[i], ours[j]), "left": (n, ours[i]), "right": (ours[i], n)}[form]
    twins = {"both": (theirs[i], theirs[j]), "left": (n, theirs[i]), "right": (theirs[i], n)}[form]
    if name != "truediv" or abs(torch.as_tensor(twins[1]).item()) > LEAST:
        keep(there[name](*mine), getattr(operator, name)(*twins))
