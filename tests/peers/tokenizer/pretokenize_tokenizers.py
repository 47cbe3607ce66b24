"""The byte-level pre-tokenizer of Hugging Face's tokenizers, by the places of its pieces."""

from tokenizers.pre_tokenizers import ByteLevel


def pretokenize(text):
    """Cut where theirs cuts."""
    pieces = ByteLevel(add_prefix_space=False, use_regex=True).pre_tokenize_str(text)
    return [text[start:end] for _, (start, end) in pieces]
