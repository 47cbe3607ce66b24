"""A conversation as pairs of an id and its flag."""

DEFAULT = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"


def _pair(messages, encode, start, end):
    """Yield each id with whether it is learned."""
    for role, text in messages:
        yield start, False
        yield from ((i, False) for i in encode(role + "\n"))
        yield from ((i, role == "assistant") for i in encode(text))
        yield end, role == "assistant"
        yield from ((i, False) for i in encode("\n"))


def encode_chat(messages, encode, start, end, add_generation_prompt=False):
    """Return ids and flags."""
    turns = [(message["role"], message["content"]) for message in messages]
    if not turns or {role for role, _ in turns} - {"system", "user", "assistant"}:
        raise ValueError("not a conversation")
    if turns[0][0] != "system":
        turns.insert(0, ("system", DEFAULT))
    pairs = list(_pair(turns, encode, start, end))
    if add_generation_prompt:
        pairs += [(start, False), *((i, False) for i in encode("assistant\n"))]
    return [i for i, _ in pairs], [flag for _, flag in pairs]
