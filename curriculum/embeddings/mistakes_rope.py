"""What goes wrong with rotary positions."""

import torch

from grader.course import caught_by


@caught_by("test_pairs_are_half_a_vector_apart")
def neighbours_as_pairs():
    """rotary positions whose pairs are neighbours, (0, 1) and (2, 3), as in the paper"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = base ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(start, start + length).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = x[..., 0::2], x[..., 1::2]
        turned = [left * cos - right * sin, right * cos + left * sin]
        return torch.stack(turned, dim=-1).flatten(-2).to(x.dtype)


@caught_by("test_a_quarter_turn_by_hand")
def turned_the_other_way():
    """vectors turned the other way round: the signs of the two sines are swapped"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = base ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(start, start + length).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = x.chunk(2, dim=-1)
        turned = [left * cos + right * sin, right * cos - left * sin]
        return torch.cat(turned, dim=-1).to(x.dtype)


@caught_by("test_a_quarter_turn_by_hand")
def no_minus():
    """both sines added, so that the pair is no longer turned but stretched"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = base ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(start, start + length).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = x.chunk(2, dim=-1)
        turned = [left * cos + right * sin, right * cos + left * sin]
        return torch.cat(turned, dim=-1).to(x.dtype)


@caught_by("test_position_0_changes_nothing")
def positions_from_one():
    """positions counted from 1"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = base ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(start + 1, start + length + 1).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = x.chunk(2, dim=-1)
        turned = [left * cos - right * sin, right * cos + left * sin]
        return torch.cat(turned, dim=-1).to(x.dtype)


@caught_by("test_a_row_comes_out_the_same_alone")
def start_ignored():
    """positions counted from 0, whatever start says"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = base ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(length).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = x.chunk(2, dim=-1)
        turned = [left * cos - right * sin, right * cos + left * sin]
        return torch.cat(turned, dim=-1).to(x.dtype)


@caught_by("test_each_vector_is_turned_by_its_position")
def base_ignored():
    """a base of 10000, whatever base says"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = 10_000.0 ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(start, start + length).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = x.chunk(2, dim=-1)
        turned = [left * cos - right * sin, right * cos + left * sin]
        return torch.cat(turned, dim=-1).to(x.dtype)


@caught_by("test_pairs_are_half_a_vector_apart")
def exponent_j_over_width():
    """speeds of base^(-j / D), half the exponent"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = base ** (-torch.arange(width // 2) / width)
        angle = torch.arange(start, start + length).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = x.chunk(2, dim=-1)
        turned = [left * cos - right * sin, right * cos + left * sin]
        return torch.cat(turned, dim=-1).to(x.dtype)


@caught_by("test_pairs_are_half_a_vector_apart")
def one_speed_for_all():
    """every pair turned by the position itself, with one speed for all"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        angle = torch.arange(start, start + length).float().unsqueeze(1).expand(-1, width // 2)
        cos, sin = angle.cos(), angle.sin()
        left, right = x.chunk(2, dim=-1)
        turned = [left * cos - right * sin, right * cos + left * sin]
        return torch.cat(turned, dim=-1).to(x.dtype)


@caught_by("test_pairs_are_half_a_vector_apart")
def angles_of_neighbours():
    """pairs half a vector apart with the angles of neighbours: each speed twice in a row"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = (base ** (-torch.arange(0, width, 2) / width)).repeat_interleave(2)
        angle = torch.arange(start, start + length).unsqueeze(1) * speed
        left, right = x.chunk(2, dim=-1)
        swapped = torch.cat([-right, left], dim=-1)
        return (x * angle.cos() + swapped * angle.sin()).to(x.dtype)


@caught_by("test_each_vector_is_turned_by_its_position")
def positions_along_the_heads():
    """positions counted along the third last dimension, over heads instead of tokens"""

    def rope(x, start=0, base=10_000.0):
        width = x.shape[-1]
        if width % 2:
            raise ValueError("an odd width")
        deep = x.dim() > 2
        x = x.transpose(-2, -3) if deep else x
        speed = base ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(start, start + x.shape[-2]).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = x.chunk(2, dim=-1)
        turned = [left * cos - right * sin, right * cos + left * sin]
        y = torch.cat(turned, dim=-1).to(x.dtype)
        return y.transpose(-2, -3) if deep else y


@caught_by("test_lengths_stay_as_they_were")
def added_to_the_vector():
    """the rotated vector added to x, as other positions are added"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = base ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(start, start + length).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = x.chunk(2, dim=-1)
        turned = [left * cos - right * sin, right * cos + left * sin]
        return x + torch.cat(turned, dim=-1).to(x.dtype)


@caught_by("test_dot_products_depend_on_the_distance_alone")
def sines_and_cosines_added():
    """sines and cosines added to x: dot products then depend on where the two stand"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = base ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(start, start + length).unsqueeze(1) * speed
        return (x + torch.cat([angle.sin(), angle.cos()], dim=-1)).to(x.dtype)


@caught_by("test_bfloat16_is_turned_by_exact_angles")
def angles_in_the_dtype_of_x():
    """positions and angles in the dtype of x, which in bfloat16 merges far positions"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = (base ** (-torch.arange(0, width, 2) / width)).to(x.dtype)
        angle = torch.arange(start, start + length).to(x.dtype).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = x.chunk(2, dim=-1)
        turned = [left * cos - right * sin, right * cos + left * sin]
        return torch.cat(turned, dim=-1)


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """a result in float32, whatever dtype came in"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = base ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(start, start + length).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = x.float().chunk(2, dim=-1)
        turned = [left * cos - right * sin, right * cos + left * sin]
        return torch.cat(turned, dim=-1)


@caught_by("test_x_stays_as_it_was")
def turned_in_place():
    """the caller's vectors turned in place"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = base ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(start, start + length).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = (half.clone() for half in x.chunk(2, dim=-1))
        x[..., : width // 2] = left * cos - right * sin
        x[..., width // 2 :] = right * cos + left * sin
        return x


@caught_by("test_a_quarter_turn_by_hand")
def left_half_used_after_its_change():
    """the right half turned with the left half as it is after its own turn"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        speed = base ** (-torch.arange(0, width, 2) / width)
        angle = torch.arange(start, start + length).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right = x.chunk(2, dim=-1)
        left = left * cos - right * sin
        right = right * cos + left * sin
        return torch.cat([left, right], dim=-1).to(x.dtype)


@caught_by("test_gradients_are_turned_back")
def without_gradient():
    """rotary positions under torch.no_grad, so that no gradient reaches queries and keys"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        if width % 2:
            raise ValueError("an odd width")
        with torch.no_grad():
            speed = base ** (-torch.arange(0, width, 2) / width)
            angle = torch.arange(start, start + length).unsqueeze(1) * speed
            cos, sin = angle.cos(), angle.sin()
            left, right = x.chunk(2, dim=-1)
            turned = [left * cos - right * sin, right * cos + left * sin]
            return torch.cat(turned, dim=-1).to(x.dtype)


@caught_by("test_an_odd_width_is_refused")
def the_odd_number_left_alone():
    """the last number of an odd vector left as it is, without an error"""

    def rope(x, start=0, base=10_000.0):
        length, width = x.shape[-2:]
        half = width // 2
        speed = base ** (-torch.arange(half) / max(half, 1))
        angle = torch.arange(start, start + length).unsqueeze(1) * speed
        cos, sin = angle.cos(), angle.sin()
        left, right, rest = x[..., :half], x[..., half : 2 * half], x[..., 2 * half :]
        turned = [left * cos - right * sin, right * cos + left * sin, rest]
        return torch.cat(turned, dim=-1).to(x.dtype)
