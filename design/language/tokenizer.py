"""The lexicon as a pipeline component: texts to padded token ids, in diffusers' folder layout."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

# diffusers saves and loads components of a few known base classes only, and looks the base up in the
# component's own module; SchedulerMixin is the one that brings no weights and needs no transformers.
from diffusers import SchedulerMixin

from ..errors import InputError
from .attributes import MAX_TOKENS, VOCABULARY, token_ids
from .description import Words, read_words

CONFIG_NAME = "tokenizer_config.json"
FORMAT = 1


@dataclass(frozen=True)
class TokenBatch:
    """Texts as tokens.

    Attributes:
        ids: (b, MAX_TOKENS) int64, 0 behind the last token.
        mask: (b, MAX_TOKENS) bool, where a token stands.
        words: what was read from each text.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    words: tuple[Words, ...]

    @property
    def unknown(self) -> tuple[tuple[str, ...], ...]:
        """The words of each text that mean nothing to the lexicon."""
        return tuple(w.unknown for w in self.words)


class LexiconTokenizer(SchedulerMixin):  # type: ignore[misc]
    """Texts to ids of the lexicon's vocabulary. A saved one refuses to load when the vocabulary has changed,
    because a model's embeddings belong to the words that it was trained with."""

    config_name = CONFIG_NAME
    model_max_length = MAX_TOKENS

    def __init__(self, vocabulary: Sequence[str] = VOCABULARY) -> None:
        if tuple(vocabulary) != VOCABULARY:
            raise InputError(_changed(vocabulary))

    @property
    def vocab_size(self) -> int:
        """Number of tokens, the empty one included."""
        return len(VOCABULARY)

    def __call__(self, texts: str | Sequence[str], ignore: Collection[str] = ()) -> TokenBatch:
        """Read texts.

        Args:
            texts: one or several descriptions; an empty one gives no tokens.
            ignore: phrases that the caller has understood already, for all texts alike.

        Raises:
            InputError: a text that is too long.
        """
        several = [texts] if isinstance(texts, str) else list(texts)
        words = tuple(read_words(text, ignore) for text in several)
        ids, mask = self.pad([w.tokens for w in words])
        return TokenBatch(ids, mask, words)

    @staticmethod
    def pad(captions: Iterable[Sequence[str]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and mask of canonical tokens, each (b, MAX_TOKENS)."""
        rows = [token_ids(tokens)[:MAX_TOKENS] for tokens in captions]
        ids = torch.zeros((len(rows), MAX_TOKENS), dtype=torch.int64)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = torch.tensor(row, dtype=torch.int64)
        return ids, ids > 0

    def save_pretrained(self, save_directory: str | Path, push_to_hub: bool = False, **_: Any) -> None:
        """Write ``tokenizer_config.json`` into a folder, made where it is missing."""
        if push_to_hub:
            raise InputError("push_to_hub is not offered for the lexicon; upload the saved folder")
        folder = Path(save_directory)
        folder.mkdir(parents=True, exist_ok=True)
        record = {
            "_class_name": type(self).__name__,
            "format": FORMAT,
            "max_tokens": MAX_TOKENS,
            "vocabulary": list(VOCABULARY),
        }
        (folder / CONFIG_NAME).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def from_pretrained(
        cls, pretrained_model_name_or_path: str | Path, subfolder: str | None = None, **_: Any
    ) -> LexiconTokenizer:
        """Read a folder that :meth:`save_pretrained` wrote.

        Raises:
            InputError: no such file, a damaged one, or one of another vocabulary.
        """
        path = Path(pretrained_model_name_or_path) / (subfolder or "") / CONFIG_NAME
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            vocabulary = [str(token) for token in record["vocabulary"]]
        except FileNotFoundError:
            raise InputError(f"tokenizer file {path} is missing") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"tokenizer file {path} cannot be read: {error}") from None
        return cls(vocabulary)


def _changed(vocabulary: Sequence[str]) -> str:
    other = sorted(set(vocabulary) ^ set(VOCABULARY))
    which = f"differing in {', '.join(other[:3])}" if other else "in another order"
    return (
        f"tokenizer vocabulary has {len(vocabulary)} tokens, {which}; this version's has {len(VOCABULARY)}: "
        "train the concept model again, or use the version that it was trained with"
    )
