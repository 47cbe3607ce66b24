"""What goes wrong with sinusoidal positions."""

import math

import torch

from grader.course import caught_by


@caught_by("test_position_0_is_zeros_and_ones")
def sines_then_cosines():
    """all sines in the left half and all cosines in the right, not in turn"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(length).unsqueeze(1) * speed
        return torch.cat([angle.sin(), angle.cos()], dim=-1)


@caught_by("test_position_0_is_zeros_and_ones")
def cosines_first():
    """cosines in the even columns and sines in the odd ones"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(length).unsqueeze(1) * speed
        return torch.stack([angle.cos(), angle.sin()], dim=-1).flatten(1)


@caught_by("test_position_0_is_zeros_and_ones")
def positions_from_one():
    """positions counted from 1"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(1, length + 1).unsqueeze(1) * speed
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


@caught_by("test_two_positions_worked_by_hand")
def exponent_i_over_width():
    """angles with 10000^(i / C), half the exponent: the pairs' number in place of the columns'"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(width // 2) / width)
        angle = torch.arange(length).unsqueeze(1) * speed
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


@caught_by("test_two_positions_worked_by_hand")
def exponent_twice_too_large():
    """angles with 10000^(4i / C): the 2 of the formula on top of columns counted by twos"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-2 * torch.arange(0, width, 2) / width)
        angle = torch.arange(length).unsqueeze(1) * speed
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


@caught_by("test_two_positions_worked_by_hand")
def a_speed_for_each_column():
    """a speed for each column, so that sine and cosine of a pair are of different angles"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(width) / width)
        angle = torch.arange(length).unsqueeze(1) * speed
        return torch.stack([angle[:, 0::2].sin(), angle[:, 1::2].cos()], dim=-1).flatten(1)


@caught_by("test_two_positions_worked_by_hand")
def multiplied_in_place_of_divided():
    """angles with t times 10000^(2i / C), which spin ever faster"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (torch.arange(0, width, 2) / width)
        angle = torch.arange(length).unsqueeze(1) * speed
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


@caught_by("test_two_positions_worked_by_hand")
def spread_to_the_very_end():
    """speeds from 1 to exactly 1/10000: the exponent divided by C/2 - 1 (tensor2tensor's)"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        steps = torch.arange(width // 2) / max(width // 2 - 1, 1)
        angle = torch.arange(length).unsqueeze(1) * 10_000.0**-steps
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


@caught_by("test_two_positions_worked_by_hand")
def ten_times_the_base():
    """angles with 100000 in place of 10000"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 100_000.0 ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(length).unsqueeze(1) * speed
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


@caught_by("test_two_positions_worked_by_hand")
def degrees():
    """angles taken in degrees"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(length).unsqueeze(1) * speed * math.pi / 180
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


@caught_by("test_far_positions_are_right")
def rounded_speeds():
    """speeds rounded to bfloat16, which goes astray far from the start"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(length).unsqueeze(1) * speed.bfloat16().float()
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


@caught_by("test_a_longer_table_begins_with_a_shorter_one")
def as_shares_of_the_length():
    """positions taken as shares of the whole length, so that a longer text moves them all"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(0, width, 2) / width)
        angle = torch.linspace(0, 1, length).unsqueeze(1) * speed
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


@caught_by("test_each_vector_has_the_same_length")
def sines_only():
    """sines in every column"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(length).unsqueeze(1) * speed
        return torch.stack([angle.sin(), angle.sin()], dim=-1).flatten(1)


@caught_by("test_dot_products_depend_on_the_distance_alone")
def the_slowest_pair_grows():
    """the position itself, as a share of 100, in the last column"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(length).unsqueeze(1) * speed
        table = torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)
        table[:, -1] = torch.arange(length) / 100
        return table


@caught_by("test_the_table_has_a_row_for_each_position")
def an_axis_for_the_batch():
    """a table of shape (1, T, C), with a dimension for the batch"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(length).unsqueeze(1) * speed
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1).unsqueeze(0)


@caught_by("test_the_table_has_a_row_for_each_position")
def float64():
    """a table in float64"""

    def sinusoidal(length, width):
        if width < 2 or width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(0, width, 2).double() / width)
        angle = torch.arange(length).unsqueeze(1) * speed
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


@caught_by("test_a_width_without_pairs_is_refused")
def a_sine_alone():
    """an odd width allowed, with a last sine that has no cosine"""

    def sinusoidal(length, width):
        speed = 10_000.0 ** (-torch.arange(0, max(width, 0), 2) / max(width, 1))
        angle = torch.arange(length).unsqueeze(1) * speed
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)[:, : max(width, 0)]
