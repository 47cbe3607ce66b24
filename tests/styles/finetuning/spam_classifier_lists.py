"""Lists of texts: rows are drawn one by one, and each batch is padded by itself."""

import torch

from exercises.data.padded_batch import padded_batch
from exercises.finetuning.classifier_head import Classifier
from exercises.finetuning.early_stopping import measure, train_best
from exercises.model.gpt import GPT
from exercises.tokenizer.word_tokenizer import WordTokenizer
from exercises.training.cross_entropy import cross_entropy
from exercises.training.dropout import Dropout


def split_rows(rows, valid, test, seed):
    """Draw one row after the other out of what is left."""
    if len(rows) - valid - test <= 0:
        raise ValueError(f"{len(rows)} rows")
    draw, left = torch.Generator().manual_seed(seed), list(rows)
    parts = []
    for size in (valid, test):
        parts.append([])
        for _ in range(size):
            parts[-1].append(left.pop(int(torch.randint(len(left), (), generator=draw))))
    return left, parts[0], parts[1]


def _encode(tokenizer, subject, context):
    return [*tokenizer.encode(subject)[: context - 1], 2]


def encode_subjects(tokenizer, subjects, context):
    """Encode one by one."""
    return padded_batch([_encode(tokenizer, one, context) for one in subjects], 0)


def build_classifier(vocabulary, p, seed):
    """Fork the generator."""
    with torch.random.fork_rng():
        torch.random.manual_seed(seed)
        classifier = Classifier(GPT(vocabulary, 32, 32, 1, 4), 2)
    seeds = torch.randint(2**31, (2,), generator=torch.Generator().manual_seed(seed)).tolist()
    positions, head = classifier.model.positions, classifier.head
    classifier.model.positions = torch.nn.Sequential(positions, Dropout(p, seeds[0]))
    classifier.head = torch.nn.Sequential(Dropout(p, seeds[1]), head)
    return classifier


def train_classifier(train, valid, *, p, rate, batch, epochs, patience, seed, report=None):
    """Keep lists of ids, and pad each batch."""
    tokenizer = WordTokenizer("<|endoftext|>".join([row[0] for row in train]), vocab_size=2000)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    texts = [_encode(tokenizer, subject, 32) for subject, _ in train]
    labels = torch.tensor([row[1] for row in train])
    ids, mask = encode_subjects(tokenizer, [row[0] for row in valid], 32)
    wanted = torch.tensor([row[1] for row in valid])
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
    draw = torch.Generator().manual_seed(seed)
    epochs_done = []

    def run_epoch():
        order = torch.randperm(len(texts), generator=draw).tolist()
        for at in range(0, len(order), batch):
            chosen = order[at : at + batch]
            loss = cross_entropy(
                classifier(*padded_batch([texts[i] for i in chosen], 0)), labels[chosen]
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def find_loss():
        epochs_done.append(measure(classifier, ids, mask, wanted, 100)[0])
        if report is not None:
            report(len(epochs_done), epochs_done[-1])
        return epochs_done[-1]

    train_best(classifier, run_epoch, find_loss, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer, classifier, subjects):
    """Exponentiate log-probabilities."""
    was = classifier.training
    classifier.eval()
    with torch.no_grad():
        logs = classifier(*encode_subjects(tokenizer, subjects, 32)).log_softmax(-1)
    classifier.train(was)
    return logs.exp().unbind(1)[1].clone()
