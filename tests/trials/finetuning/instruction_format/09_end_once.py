# wrong: adds the end only if the output does not end with it already | violates: with ``end`` directly after it, once, also where the output is empty or ends with the same text already
"""The instruction format: a task and its answer as one text, in the form of Alpaca."""

INTRO = (
    "Below is an instruction that describes a task. "
    "Write a response that appropriately completes the request."
)
INTRO_WITH_INPUT = (
    "Below is an instruction that describes a task, paired with an input that provides further "
    "context. Write a response that appropriately completes the request."
)


def format_prompt(example: dict[str, str]) -> str:
    """Return the text that a model is given to answer a task.

    An example has an instruction, such as "Translate into French.", and may have an input, such as
    the sentence to translate. With an input the prompt is

        {INTRO_WITH_INPUT}

        ### Instruction:
        {instruction}

        ### Input:
        {input}

        ### Response:

    where the words in braces stand for the texts. Without an input it begins with ``INTRO``, and
    the three lines of the input's section (its heading, its text and the empty line after it)
    are missing. Lines end with ``\\n``. The prompt ends with the colon of ``### Response:``,
    without a line end.

    There is no input if the example has no key ``"input"`` or its text is empty. Every other text
    is an input, also one of spaces.

    The texts are used exactly as they are: nothing is stripped, and braces, headings or line ends
    in them mean nothing.

    Args:
        example: a dict with the key ``"instruction"``, else ``KeyError``, and perhaps ``"input"``.
            The texts may be empty. Other keys, such as ``"output"``, do not change the result. The
            dict is not changed.

    Returns:
        The prompt.

    >>> format_prompt({"instruction": "Name a colour.", "input": ""}).removeprefix(INTRO)
    '\\n\\n### Instruction:\\nName a colour.\\n\\n### Response:'

    Source: Taori et al., Stanford Alpaca, 2023, train.py.
    """
    instruction = example["instruction"]
    text = example.get("input", "")
    if text:
        return (
            f"{INTRO_WITH_INPUT}\n\n### Instruction:\n{instruction}\n\n"
            f"### Input:\n{text}\n\n### Response:"
        )
    return f"{INTRO}\n\n### Instruction:\n{instruction}\n\n### Response:"


def format_example(example: dict[str, str], end: str) -> tuple[str, str]:
    """Return the prompt and the answer of an example to train on.

    The prompt is ``format_prompt(example)``. The answer is the example's output with ``end``
    directly after it, once, also where the output is empty or ends with the same text already.
    Prompt and answer are two texts because the loss may be computed on the answer alone;
    joined with nothing between them, they are the text that the model is trained on.

    Args:
        example: a dict as for ``format_prompt`` that also has the key ``"output"``, else
            ``KeyError``. It is not changed.
        end: the text of the token that ends a text, such as ``"<|endoftext|>"``. With it the
            model learns to stop.

    Returns:
        (prompt, answer).

    >>> format_example({"instruction": "Name a colour.", "output": "Blue."}, "<|endoftext|>")[1]
    'Blue.<|endoftext|>'
    """
    answer = example["output"]
    if not answer.endswith(end):
        answer += end
    return format_prompt(example), answer
