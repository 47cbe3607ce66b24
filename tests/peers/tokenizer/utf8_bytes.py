"""Python's own codec."""


def to_bytes(text):
    """Encode."""
    return list(text.encode("utf-8"))


def from_bytes(ids):
    """Decode."""
    return bytes(ids).decode("utf-8")
