"""GPT-2's pattern as tiktoken publishes it, run by regex."""

import regex
from tiktoken_ext import openai_public


def pretokenize(text):
    """What the pattern finds."""
    return regex.findall(openai_public.r50k_pat_str, text)
