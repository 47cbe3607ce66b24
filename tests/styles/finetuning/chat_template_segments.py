"""A list of segments first: text to encode or a control token, and whether it is learned."""

from itertools import chain, repeat


def encode_chat(messages, encode, start, end, add_generation_prompt=False):
    """Return ids and flags."""
    if len(messages) == 0:
        raise ValueError("nothing is said")
    segments = []

    def add(role, text):
        if role not in ("system", "user", "assistant"):
            raise ValueError(role)
        own = role == "assistant"
        segments.extend(
            [(start, False), (role + "\n", False), (text, own), (end, own), ("\n", False)]
        )

    if messages[0]["role"] != "system":
        add("system", "You are a helpful AI assistant named SmolLM, trained by Hugging Face")
    for message in messages:
        add(message["role"], message["content"])
    if add_generation_prompt:
        segments += [(start, False), ("assistant\n", False)]
    coded = [([s] if isinstance(s, int) else encode(s), flag) for s, flag in segments]
    ids = list(chain.from_iterable(part for part, _ in coded))
    learn = list(chain.from_iterable(repeat(flag, len(part)) for part, flag in coded))
    return ids, learn
