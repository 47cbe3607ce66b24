"""What goes wrong with flash attention."""

import math

import torch

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product
from exercises.attention.softmax import softmax
from grader.course import caught_by


@caught_by("test_a_long_text_takes_memory_for_tiles_alone")
def whole_table():
    """the whole table of scores at once, T by T, with no tiles"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        return scaled_dot_product(q, k, v, causal_mask(q.shape[2]))


@caught_by("test_a_long_text_takes_memory_for_tiles_alone")
def strips():
    """tiles of queries only: each strip holds the scores of all keys"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        mask = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, q.shape[2], block):
            scores = q[:, :, top : top + block] @ k.mT / math.sqrt(q.shape[3])
            future = mask > mask[top : top + block].unsqueeze(1)
            outputs.append(softmax(scores.masked_fill(future, -math.inf)) @ v)
        return torch.cat(outputs, dim=2)


@caught_by("test_a_long_text_takes_memory_for_tiles_alone")
def mask_of_the_whole():
    """tiles of scores, and a mask of T by T from which their masks are cut"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        mask = causal_mask(q.shape[2])
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(~mask[top : top + block, tile], -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_a_long_text_takes_memory_for_tiles_alone")
def block_ignored():
    """tiles of 4096, whatever block says"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        block = 4096
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_a_peak_in_a_later_tile_rescales_what_came_before")
def sum_not_rescaled():
    """a sum of weights that is not rescaled when the peak moves"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_a_peak_in_a_later_tile_rescales_what_came_before")
def mix_not_rescaled():
    """values gathered so far that are not rescaled when the peak moves"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_a_peak_in_a_later_tile_rescales_what_came_before")
def nothing_rescaled():
    """neither the sum nor the values rescaled when the peak moves"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total + weights.sum(dim=-1, keepdim=True)
                mix = mix + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_a_peak_in_a_later_tile_rescales_what_came_before")
def rescaled_the_wrong_way():
    """the past rescaled by exp(new - old), not by exp(old - new)"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (
                    torch.where(peak > -math.inf, (higher - peak).exp(), 0.0),
                    (scores - higher).exp(),
                )
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_huge_scores_stay_finite")
def peak_of_the_tile():
    """the peak of the last tile taken for that of all tiles so far"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = scores.amax(dim=-1, keepdim=True)
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_a_peak_in_a_later_tile_rescales_what_came_before")
def peak_not_kept():
    """a peak that is never carried on, so that the past counts for nothing"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def tiles_averaged():
    """softmax of each tile by itself, and the mean of the tiles' results"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total + weights.sum(dim=-1, keepdim=True)
                mix = mix + softmax(scores) @ v[:, :, tile]
                peak = higher
            outputs.append(mix / math.ceil((top + 1) / block))
        return torch.cat(outputs, dim=2)


@caught_by("test_a_peak_in_a_later_tile_rescales_what_came_before")
def divided_in_every_tile():
    """the mix divided by the sum after every tile, not once at the end"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = (mix * shrink + weights @ v[:, :, tile]) / total
                peak = higher
            outputs.append(mix)
        return torch.cat(outputs, dim=2)


@caught_by("test_means_worked_by_hand")
def never_divided():
    """a mix of values that is never divided by the sum of the weights"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix)
        return torch.cat(outputs, dim=2)


@caught_by("test_future_tokens_never_change_an_earlier_output")
def no_mask():
    """no mask within the tile on the diagonal: tokens read the rest of their tile"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_future_tokens_never_change_an_earlier_output")
def all_keys():
    """attention that is not causal: all tiles, and no mask"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, len(tokens), block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_means_worked_by_hand")
def mask_by_the_place_in_the_tile():
    """a mask by the place within the tile in every tile, so that the past is cut as well"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] - left > asking - top, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def not_itself():
    """a mask without its diagonal: a token reads those before it but not itself"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill((tokens[tile] >= asking) & (asking > 0), -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def tile_on_the_diagonal_left_out():
    """the tile on the diagonal left out, except for the first"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, max(top, 1), block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_the_result_has_the_shape_and_dtype_of_q")
def last_tile_dropped():
    """only whole tiles: the tokens after the last whole tile get no output"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, max(len(tokens) // block, 1) * block, block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_scores_far_below_zero_weigh_like_others")
def peak_begins_at_zero():
    """a peak that begins at 0: weights of low scores all become 0"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.zeros_like(rows[..., :1])
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_huge_scores_stay_finite")
def no_peak():
    """no peak at all: exp of a large score overflows"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.zeros_like(peak)
                shrink, weights = torch.ones_like(peak), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_huge_scores_stay_finite")
def large_negative_number():
    """future scores set to -1e3, which a permitted score may lie below"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -1e3)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def not_scaled():
    """scores that are not divided by the root of D"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block]
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_it_is_causal_attention_whatever_the_tiles")
def root_of_the_tile():
    """scores divided by the root of the tile's size, not by that of D"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(block)
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_tiles_of_nothing_are_refused")
def any_block():
    """a negative block taken for no tiles at all"""

    def flash(q, k, v, block=64):
        if block < 0:
            return torch.zeros_like(q)
        block = block or 1
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_the_result_has_the_shape_and_dtype_of_q")
def float32_always():
    """flash attention in float32, whatever dtype came in"""

    def flash(q, k, v, block=64):
        q, k, v = q.float(), k.float(), v.float()
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_in_float64_it_is_right_to_the_last_digits")
def half_precision_inside():
    """weights kept in bfloat16 inside the tiles"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (
                    (peak - higher).exp(),
                    (scores - higher).exp().bfloat16().to(q.dtype),
                )
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_in_float64_it_is_right_to_the_last_digits")
def float32_inside():
    """sums kept in float32, which is too short for float64"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp().float().to(q.dtype)
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_the_inputs_stay_as_they_were")
def queries_scaled_in_place():
    """the caller's queries scaled in place (/= changes the input)"""

    def flash(q, k, v, block=64):
        if block < 1:
            raise ValueError("a tile of nothing")
        q /= math.sqrt(q.shape[3])
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block]
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)


@caught_by("test_the_result_has_the_shape_and_dtype_of_q")
def tokens_before_heads():
    """tokens looked for in the second dimension, where the heads stand"""

    def flash(q, k, v, block=64):
        q, k, v = (part.transpose(1, 2) for part in (q, k, v))
        if block < 1:
            raise ValueError("a tile of nothing")
        tokens = torch.arange(q.shape[2])
        outputs = []
        for top in range(0, len(tokens), block):
            rows = q[:, :, top : top + block] / math.sqrt(q.shape[3])
            asking = tokens[top : top + block].unsqueeze(1)
            peak = torch.full_like(rows[..., :1], -math.inf)
            total, mix = torch.zeros_like(peak), torch.zeros_like(rows)
            for left in range(0, top + 1, block):
                tile = slice(left, left + block)
                scores = rows @ k[:, :, tile].mT
                scores = scores.masked_fill(tokens[tile] > asking, -math.inf)
                higher = torch.maximum(peak, scores.amax(dim=-1, keepdim=True))
                shrink, weights = (peak - higher).exp(), (scores - higher).exp()
                total = total * shrink + weights.sum(dim=-1, keepdim=True)
                mix = mix * shrink + weights @ v[:, :, tile]
                peak = higher
            outputs.append(mix / total)
        return torch.cat(outputs, dim=2)
