"""The tokenizer's demo: a text as GPT-2's tokens, and back."""

from pathlib import Path

from exercises.tokenizer.gpt2_vocabulary import GPT2Tokenizer, read_ranks

VOCABULARY = Path(__file__).parents[1] / "data" / "gpt2.tiktoken"


def run(text: str) -> None:
    """Print the tokens of a text with their ids, and whether decoding gives the text back."""
    tokenizer = GPT2Tokenizer(read_ranks(VOCABULARY.read_text("ascii")))
    ids = tokenizer.encode(text)
    print(f"{len(text.encode())} bytes, {len(ids)} tokens of GPT-2's vocabulary:")
    for token in ids:
        print(f"  {token:>6}  {tokenizer.decode([token])!r}")
    same = tokenizer.decode(ids) == text
    print("decode(encode(text)) is the text." if same else "decode(encode(text)) is another text.")
