"""The ids first, and the places of the answers, which are set afterwards."""


class _Writer:
    """Collects ids."""

    def __init__(self, encode, start, end):
        self.encode, self.start, self.end = encode, start, end
        self.line = None
        self.ids = []

    def open(self, role):
        """Write a header."""
        self.ids.append(self.start)
        self.ids.extend(self.encode(f"{role}\n"))

    def close(self, text):
        """Write a text and its end; return where they begin and end."""
        begin = len(self.ids)
        self.ids.extend(self.encode(text))
        self.ids.append(self.end)
        stop = len(self.ids)
        self.line = self.encode("\n") if self.line is None else self.line
        self.ids.extend(self.line)
        return range(begin, stop)


def encode_chat(messages, encode, start, end, add_generation_prompt=False):
    """Return ids and flags."""
    known = ["system", "user", "assistant"]
    if not (messages and all(message["role"] in known for message in messages)):
        raise ValueError("no messages, or an unknown role")
    writer, places = _Writer(encode, start, end), set()
    default = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
    if messages[0]["role"] != "system":
        writer.open("system")
        writer.close(default)
    for message in messages:
        writer.open(message["role"])
        span = writer.close(message["content"])
        if message["role"] == "assistant":
            places.update(span)
    if add_generation_prompt:
        writer.open("assistant")
    return writer.ids, [place in places for place in range(len(writer.ids))]
