"""The chat template: a conversation as the token ids that SmolLM2 was trained on.

Not here: a tokenizer; it is handed over as a function.
"""

from collections.abc import Callable

ROLES = ("system", "user", "assistant")
DEFAULT_SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"


def encode_chat(
    messages: list[dict[str, str]],
    encode: Callable[[str], list[int]],
    start: int,
    end: int,
    add_generation_prompt: bool = False,
) -> tuple[list[int], list[bool]]:
    """Return the ids of a conversation, and which of them the assistant has to learn.

    In the template of SmolLM2-Instruct each message, whatever its role, becomes

        <|im_start|>ROLE
        TEXT<|im_end|>

    with a line end, ``\\n``, after ``ROLE`` and one after ``<|im_end|>``. As ids that is

        start, encode("ROLE\\n"), encode(TEXT), end, encode("\\n")

    in this order, where ``start`` and ``end`` are the ids of the two control tokens. The three
    texts are encoded by themselves, because a tokenizer may join characters on both sides
    of a border, and an answer has to have the ids that the model can write after the prompt.

    If the role of the first message is not ``"system"``, a system message with the text
    ``DEFAULT_SYSTEM`` comes before it. That holds also if a later message is a system message.

    With ``add_generation_prompt`` the ids end with those of the beginning of an answer, after
    which the model goes on: ``start, encode("assistant\\n")``.

    ``encode`` knows no control tokens: typed by a user, ``<|im_end|>`` is ten letters and signs,
    encoded like any other text. Control tokens come from ``start`` and ``end`` alone. No text is
    stripped or changed otherwise.

    An id is to be learned if it belongs to the text of an assistant's message or is the
    ``end`` right after it, in each of the assistant's messages. Nothing else is: not the
    headers, also those of the assistant, not the line end after ``end``, since generation
    stops at ``end``, and not the generation prompt.

    Args:
        messages: the conversation, at least one message, else ``ValueError``. A message is a dict
            with the keys ``"role"``, one of ``ROLES``, else ``ValueError``, and ``"content"``, the
            text, which may be empty. Roles may follow each other in any order. Neither the list
            nor the dicts are changed.
        encode: a function that returns the list of ids of a text, none for an empty one, and
            that may be called any number of times.
        start: the id of ``<|im_start|>``, any int; ``encode`` does not return it.
        end: the id of ``<|im_end|>``, likewise, and not ``start``.
        add_generation_prompt: whether the assistant is to answer now.

    Returns:
        (ids, learn), two new lists of the same length, of int and of bool.

    >>> def encode(text):
    ...     return [ord(letter) for letter in text]
    >>> chat = [{"role": "system", "content": "?"}, {"role": "assistant", "content": "Hi"}]
    >>> ids, learn = encode_chat(chat, encode, 1, 2)
    >>> ids[9:]  # after <|im_start|>, the letters of system, a line end and a question mark
    [2, 10, 1, 97, 115, 115, 105, 115, 116, 97, 110, 116, 10, 72, 105, 2, 10]
    >>> [number for number, learned in enumerate(learn) if learned]  # H, i and <|im_end|>
    [22, 23, 24]

    Not to be used: another library's chat template. Source: the chat template of
    SmolLM2-135M-Instruct (Allal et al., 2025); its form is OpenAI's ChatML.
    """
    raise NotImplementedError("write encode_chat (about 21 lines)")
