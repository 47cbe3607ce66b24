"""torch.nn.functional.scaled_dot_product_attention."""

from torch.nn.functional import scaled_dot_product_attention


def scaled_dot_product(q, k, v, mask=None):
    """Torch's own."""
    return scaled_dot_product_attention(q, k, v, attn_mask=mask)
