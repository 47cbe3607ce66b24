"""torch.nn.functional.scaled_dot_product_attention."""

from torch.nn.functional import scaled_dot_product_attention


def scaled_dot_product(q, k, v, mask=None):
    """Torch's own, which takes no mask of one dimension."""
    if mask is not None and mask.dim() < 2:
        mask = mask.expand(q.shape[-2], k.shape[-2])
    return scaled_dot_product_attention(q, k, v, attn_mask=mask)
