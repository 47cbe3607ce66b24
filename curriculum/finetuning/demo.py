"""Fine-tuning's demo: a question as the open model reads it, and what it would learn from it."""

from pathlib import Path

import torch
from torch import nn

from exercises.finetuning.chat_template import encode_chat
from exercises.finetuning.freeze import freeze
from exercises.finetuning.instruction_format import format_prompt
from exercises.finetuning.masked_loss import masked_loss
from exercises.tokenizer.gpt2_vocabulary import GPT2Tokenizer, read_ranks

RANKS = Path(__file__).parents[1] / "data" / "gpt2.tiktoken"
ANSWER = "I do not know."
START, END = 50_257, 50_258
CONTROL = {START: "<|im_start|>", END: "<|im_end|>"}


def run(text: str) -> None:
    """Print a question as an instruction and as a chat, and what an untrained model's loss is."""
    print("As an instruction:")
    for line in format_prompt({"instruction": text}).splitlines():
        print(f"  {line}")
    tokenizer = GPT2Tokenizer(read_ranks(RANKS.read_text("utf-8")))
    chat = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": text},
        {"role": "assistant", "content": ANSWER},
    ]
    ids, learn = encode_chat(chat, tokenizer.encode, START, END)
    print("As a chat, in tokens; what the assistant learns is in brackets:")
    for line in _show(tokenizer, ids, learn):
        print(f"  {line}")
    model = nn.Sequential(nn.Embedding(50_259, 4), nn.Linear(4, 50_259))
    with torch.no_grad():
        alone = masked_loss(model, [(ids, learn)], END).item()
        whole = masked_loss(model, [(ids, learn)], END, True).item()
    print(f"The loss of a model that knows nothing, on {sum(learn)} of {len(ids)} tokens:")
    print(f"  {alone:.2f} nats on the answer alone, {whole:.2f} with the prompt")
    trained = sum(parameter.numel() for parameter in freeze(model, ["1.*"]))
    print(f"With its embedding frozen, {trained:,} of its parameters are trained.")


def _show(tokenizer: GPT2Tokenizer, ids: list[int], learn: list[bool]) -> list[str]:
    """Return the tokens of a conversation, each message in a line of its own."""
    lines: list[str] = []
    for token, learned in zip(ids, learn, strict=True):
        if token == START:
            lines.append("")
        shown = CONTROL.get(token) or tokenizer.decode([token]).replace("\n", "\\n")
        lines[-1] += f"[{shown}]" if learned else f"{shown}|"
    return lines
