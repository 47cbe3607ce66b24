"""Wrong versions of GELU."""

import math

import torch

from grader.checks import caught_by, edit, spelling


@caught_by("test_it_is_the_tanh_form")
def error_function():
    """the exact GELU with the error function (PyTorch's default), not the tanh form"""

    def gelu(x):
        return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))


@caught_by("test_it_is_the_tanh_form")
def sigmoid_form():
    """x sigmoid(1.702 x), a coarser approximation of GELU"""
    edit("0.5 * x * (1 + torch.tanh(inner))", "x * torch.sigmoid(1.702 * x)")


@caught_by("test_numbers_worked_by_hand")
def silu():
    """x sigmoid(x), which is SiLU"""

    def gelu(x):
        return x * torch.sigmoid(x)


@caught_by("test_numbers_worked_by_hand")
def relu():
    """ReLU: 0 below zero, x above"""
    edit("0.5 * x * (1 + torch.tanh(inner))", "x.clamp(min=0)")


@caught_by("test_numbers_worked_by_hand")
def share_alone():
    """the share that passes, not multiplied by x"""
    edit("return 0.5 * x *", "return 0.5 *")


@caught_by("test_numbers_worked_by_hand")
def not_halved():
    """x (1 + tanh(...)) without the factor 0.5"""
    edit("return 0.5 * x *", "return x *")


@caught_by("test_numbers_worked_by_hand")
def one_left_out():
    """0.5 x tanh(...) without the 1 added to tanh"""
    edit("(1 + torch.tanh(inner))", "torch.tanh(inner)")


@caught_by("test_numbers_worked_by_hand")
def no_cube():
    """a tanh without the term in x^3"""

    def gelu(x):
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * x))


@caught_by("test_each_number_follows_the_rule")
def square_for_cube():
    """a term in x^2 instead of x^3, which is right for x = 1 and wrong below zero"""
    edit("(x + 0.044715 * x**3)", "(x + 0.044715 * x**2)")


@caught_by("test_numbers_worked_by_hand")
def root_on_x_alone():
    """a root of 2 / pi that multiplies x but not the term in x^3"""
    edit("(x + 0.044715 * x**3)", "x + 0.044715 * x**3")


@caught_by("test_numbers_worked_by_hand")
def root_of_two_alone():
    """sqrt(2) / pi, the root of 2 alone, instead of sqrt(2 / pi)"""
    edit("math.sqrt(2 / math.pi)", "math.sqrt(2) / math.pi")


@caught_by("test_numbers_worked_by_hand")
def two_over_root():
    """2 / sqrt(pi), the root of pi alone, instead of sqrt(2 / pi)"""
    with spelling():
        edit("math.sqrt(2 / math.pi)", "2 / math.sqrt(math.pi)")
    with spelling():
        edit("math.sqrt(2 / math.pi)", "1 / math.sqrt(math.pi)")


@caught_by("test_numbers_worked_by_hand")
def root_of_two_pi():
    """the square root of 2 pi instead of that of 2 / pi"""
    edit("math.sqrt(2 / math.pi)", "math.sqrt(2 * math.pi)")


@caught_by("test_numbers_worked_by_hand")
def cube_alone():
    """0.044715 x^3 in the tanh without the x that it is added to"""
    edit("(x + 0.044715 * x**3)", "(0.044715 * x**3)")


@caught_by("test_numbers_worked_by_hand")
def cube_taken_away():
    """x - 0.044715 x^3 in the tanh: the term in x^3 subtracted"""
    edit("x + 0.044715 *", "x - 0.044715 *")


@caught_by("test_each_number_follows_the_rule")
def cube_of_the_whole():
    """the cube of 0.044715 x, or of x + 0.044715 x, instead of 0.044715 x^3"""
    with spelling():
        edit("0.044715 * x**3", "(0.044715 * x) ** 3")
    with spelling():
        edit("(x + 0.044715 * x**3)", "(x + 0.044715 * x) ** 3")


@caught_by("test_each_number_follows_the_rule")
def size_of_the_cube():
    """|x|^3 instead of x^3, which is right for x = 1 and wrong below zero"""
    edit("x**3", "x.abs() ** 3")


@caught_by("test_numbers_worked_by_hand")
def sigmoid_for_tanh():
    """the sigmoid of the same argument instead of tanh"""
    with spelling():
        edit("torch.tanh(inner)", "torch.sigmoid(inner)")
    with spelling():
        edit("0.5 * x * (1 + torch.tanh(inner))", "x * torch.sigmoid(inner)")


@caught_by("test_numbers_worked_by_hand")
def half_of_x_alone():
    """0.5 x + tanh(...): tanh is not multiplied by 0.5 x"""
    with spelling():
        edit("0.5 * x * (1 + torch.tanh(inner))", "0.5 * x * 1 + torch.tanh(inner)")
    with spelling():
        edit("0.5 * x * (1 + torch.tanh(inner))", "0.5 * (x + torch.tanh(inner))")


@caught_by("test_numbers_worked_by_hand")
def one_taken_away():
    """0.5 x (1 - tanh(...)), which is gelu(-x) with the opposite sign"""
    edit("(1 + torch.tanh(inner))", "(1 - torch.tanh(inner))")


@caught_by("test_each_number_follows_the_rule")
def cut_below():
    """0 for every x below some number such as -3, where the formula is not 0 yet"""
    with spelling():
        edit(
            "return 0.5 * x * (1 + torch.tanh(inner))",
            "return (0.5 * x * (1 + torch.tanh(inner))).masked_fill(x < -3, 0.0)",
        )
    with spelling():
        edit(
            "return 0.5 * x * (1 + torch.tanh(inner))",
            "share = (0.5 * (1 + torch.tanh(inner))).masked_fill(x < -3, 0.0)\n"
            "    return x * share.masked_fill(x > 3, 1.0)",
        )


@caught_by("test_numbers_worked_by_hand")
def root_left_out():
    """2 / pi instead of its square root"""

    def gelu(x):
        return 0.5 * x * (1 + torch.tanh(2 / math.pi * (x + 0.044715 * x**3)))


@caught_by("test_numbers_worked_by_hand")
def root_turned_over():
    """the square root of pi / 2 instead of that of 2 / pi"""

    def gelu(x):
        return 0.5 * x * (1 + torch.tanh(math.sqrt(math.pi / 2) * (x + 0.044715 * x**3)))


@caught_by("test_it_is_the_tanh_form")
def digit_lost():
    """the factor 0.44715 or 0.0044715 instead of 0.044715"""
    with spelling():
        edit("0.044715 *", "0.44715 *")
    with spelling():
        edit("0.044715 *", "0.0044715 *")


@caught_by("test_each_number_follows_the_rule")
def digits_exchanged():
    """a factor near 0.044715 with digits exchanged or left out, such as 0.044175 or 0.04715"""
    with spelling():
        edit("0.044715 *", "0.044175 *")
    with spelling():
        edit("0.044715 *", "0.04715 *")
    with spelling():
        edit("0.044715 *", "0.0447 *")
    with spelling():
        edit("0.044715 *", "0.045 *")


@caught_by("test_far_from_zero_it_passes_everything_or_nothing")
def tanh_by_one_exponential():
    """a tanh written with exp(2 u): it or its gradient is NaN where the exponential overflows"""
    with spelling():
        edit("torch.tanh(inner)", "(1 - 2 / ((2 * inner).exp() + 1))")
    with spelling():
        edit("torch.tanh(inner)", "(2 / (1 + (-2 * inner).exp()) - 1)")
    with spelling():
        edit("torch.tanh(inner)", "(((2 * inner).exp() - 1) / ((2 * inner).exp() + 1))")


@caught_by("test_far_from_zero_it_passes_everything_or_nothing")
def tanh_by_exponentials():
    """a tanh written with exponentials, which overflow far from zero"""
    edit("return 0.5", "up, down = inner.exp(), (-inner).exp()\n    return 0.5")
    edit("torch.tanh(inner)", "(up - down) / (up + down)")


@caught_by("test_far_from_zero_it_passes_everything_or_nothing")
def clipped():
    """x clamped to a range such as -10 to 10"""
    with spelling():
        edit("inner = math", "x = x.clamp(-10, 10)\n    inner = math")
    with spelling():
        edit("inner = math", "x = x.clamp(-50, 50)\n    inner = math")


@caught_by("test_x_stays_as_it_was")
def in_place():
    """GELU that writes its result into the caller's tensor"""

    def gelu(x):
        share = 0.5 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
        return x.mul_(share) if not x.requires_grad else x * share


@caught_by("test_the_gradient_is_torchs")
def share_without_gradient():
    """GELU whose tanh is detached, so that the gradient is incomplete"""
    edit("(inner))", "(inner).detach())")


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """a result in float32, whatever the dtype of x"""
    edit("inner = math", "x = x.float()\n    inner = math")


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def element_by_element():
    """GELU by a loop with math.tanh, which returns a flat tensor and stops the gradient"""

    def gelu(x):
        inner = [math.sqrt(2 / math.pi) * (n + 0.044715 * n**3) for n in x.flatten().tolist()]
        share = torch.tensor([0.5 * (1 + math.tanh(n)) for n in inner], dtype=x.dtype)
        return x.flatten() * share
