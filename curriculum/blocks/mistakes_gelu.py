"""What goes wrong with GELU."""

import math

import torch

from grader.course import caught_by


@caught_by("test_it_is_the_tanh_form")
def error_function():
    """the exact GELU with the error function (PyTorch's default), not the tanh form"""

    def gelu(x):
        return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))


@caught_by("test_it_is_the_tanh_form")
def sigmoid_form():
    """x sigmoid(1.702 x), a coarser form of GELU"""

    def gelu(x):
        return x * torch.sigmoid(1.702 * x)


@caught_by("test_numbers_worked_by_hand")
def silu():
    """x sigmoid(x), which is SiLU"""

    def gelu(x):
        return x * torch.sigmoid(x)


@caught_by("test_numbers_worked_by_hand")
def relu():
    """ReLU: nothing below zero passes, and everything above"""

    def gelu(x):
        return x.clamp(min=0)


@caught_by("test_numbers_worked_by_hand")
def share_alone():
    """the share that passes alone, not multiplied by x"""

    def gelu(x):
        return 0.5 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


@caught_by("test_numbers_worked_by_hand")
def not_halved():
    """x (1 + tanh(...)) without the factor 0.5"""

    def gelu(x):
        return x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


@caught_by("test_numbers_worked_by_hand")
def one_left_out():
    """0.5 x tanh(...) without the 1 that lifts tanh above zero"""

    def gelu(x):
        return 0.5 * x * torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))


@caught_by("test_numbers_worked_by_hand")
def no_cube():
    """a tanh of x alone, without the term in x^3"""

    def gelu(x):
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * x))


@caught_by("test_each_number_follows_the_rule")
def square_for_cube():
    """a term in x^2 in place of x^3, which is right for 1 and wrong below zero"""

    def gelu(x):
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**2)))


@caught_by("test_numbers_worked_by_hand")
def root_on_x_alone():
    """a root of 2 / pi that multiplies x and not the term in x^3"""

    def gelu(x):
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * x + 0.044715 * x**3))


@caught_by("test_numbers_worked_by_hand")
def root_left_out():
    """2 / pi in place of its root"""

    def gelu(x):
        return 0.5 * x * (1 + torch.tanh(2 / math.pi * (x + 0.044715 * x**3)))


@caught_by("test_numbers_worked_by_hand")
def root_turned_over():
    """the root of pi / 2 in place of the root of 2 / pi"""

    def gelu(x):
        return 0.5 * x * (1 + torch.tanh(math.sqrt(math.pi / 2) * (x + 0.044715 * x**3)))


@caught_by("test_it_is_the_tanh_form")
def digit_lost():
    """the factor 0.44715 in place of 0.044715"""

    def gelu(x):
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.44715 * x**3)))


@caught_by("test_far_from_zero_it_passes_everything_or_nothing")
def tanh_by_exponentials():
    """a tanh written with exponentials, which overflow far from zero"""

    def gelu(x):
        inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
        up, down = inner.exp(), (-inner).exp()
        return 0.5 * x * (1 + (up - down) / (up + down))


@caught_by("test_far_from_zero_it_passes_everything_or_nothing")
def clipped():
    """x held between -10 and 10"""

    def gelu(x):
        x = x.clamp(-10, 10)
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


@caught_by("test_x_stays_as_it_was")
def in_place():
    """GELU that writes its result into the caller's tensor"""

    def gelu(x):
        share = 0.5 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
        return x.mul_(share) if not x.requires_grad else x * share


@caught_by("test_the_gradient_is_torchs")
def share_without_gradient():
    """GELU whose tanh is detached, so that the gradient misses a part"""

    def gelu(x):
        inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
        return 0.5 * x * (1 + torch.tanh(inner).detach())


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """GELU in float32, whatever dtype came in"""

    def gelu(x):
        x = x.float()
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def element_by_element():
    """GELU number by number with math.tanh, which gives a flat tensor and cuts the gradient"""

    def gelu(x):
        inner = [math.sqrt(2 / math.pi) * (n + 0.044715 * n**3) for n in x.flatten().tolist()]
        share = torch.tensor([0.5 * (1 + math.tanh(n)) for n in inner], dtype=x.dtype)
        return x.flatten() * share
