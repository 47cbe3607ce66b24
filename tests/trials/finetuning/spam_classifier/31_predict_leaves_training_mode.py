# wrong: predict always puts the classifier into training mode at its end | violates: "Afterwards the classifier is in the mode in which it was before."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

from collections.abc import Callable

import torch
from torch import nn

from exercises.data.padded_batch import padded_batch
from exercises.finetuning.classifier_head import Classifier
from exercises.finetuning.early_stopping import measure, train_best
from exercises.model.gpt import GPT
from exercises.tokenizer.word_tokenizer import WordTokenizer
from exercises.training.cross_entropy import cross_entropy
from exercises.training.dropout import Dropout

END = "<|endoftext|>"
CONTEXT = 32
"""The context length: the largest number of tokens of a subject, its END included."""
VOCABULARY = 2000
"""The largest size of the vocabulary."""

Row = tuple[str, int]


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    if valid + test >= len(rows):
        raise ValueError("valid and test are too large for these rows")
    rng = torch.Generator().manual_seed(seed)
    order = iter(torch.randperm(len(rows), generator=rng).tolist())
    valid_rows = [rows[next(order)] for _ in range(valid)]
    test_rows = [rows[next(order)] for _ in range(test)]
    return [rows[i] for i in order], valid_rows, test_rows


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    # "a<|endoftext|>" has the ids of "a" and END
    encoded = [tokenizer.encode(subject + END) for subject in subjects]
    return padded_batch([ids[:-1][: context - 1] + ids[-1:] for ids in encoded], pad=0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    saved = torch.random.get_rng_state()
    torch.random.manual_seed(seed)
    classifier = Classifier(GPT(vocabulary, CONTEXT, 32, 1, 4), classes=2)
    torch.random.set_rng_state(saved)
    for i, (owner, name) in enumerate([(classifier.model, "positions"), (classifier, "head")]):
        dropout, layer = Dropout(p, (seed + i) % 2**32), getattr(owner, name)
        order = (layer, dropout) if name == "positions" else (dropout, layer)
        setattr(owner, name, nn.Sequential(*order))
    return classifier


def train_classifier(
    train: list[Row],
    valid: list[Row],
    *,
    p: float,
    rate: float,
    batch: int,
    epochs: int,
    patience: int,
    seed: int,
    report: Callable[[int, float], object] | None = None,
) -> tuple[WordTokenizer, Classifier]:
    tokenizer = WordTokenizer(END.join(subject for subject, _ in train), VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
    ids, mask, labels = _encode_rows(tokenizer, train)
    valid_rows = _encode_rows(tokenizer, valid)
    dataset = torch.utils.data.TensorDataset(ids, mask, labels)
    generator = torch.Generator().manual_seed(seed)
    done = 0

    def train_epoch() -> None:
        order = torch.randperm(len(dataset), generator=generator)
        for rows in order.split(batch):
            x, m, y = dataset[rows]
            optimizer.zero_grad()
            cross_entropy(classifier(x, m), y).backward()
            optimizer.step()

    def validate() -> float:
        nonlocal done
        loss, _ = measure(classifier, *valid_rows, batch)
        done += 1
        if report is not None:
            report(done, loss)
        return loss

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    classifier.eval()
    ids, mask = encode_subjects(tokenizer, subjects, CONTEXT)
    with torch.no_grad():
        logits = classifier(ids, mask)
    classifier.train()
    return torch.softmax(logits, dim=1)[:, 1]


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
