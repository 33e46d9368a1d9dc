"""The words of a model of sketches as a pipeline component: tokens to padded ids, in a folder of its own.

A model carries the vocabulary that it was trained with. What its family's lexicon has learned since then is
read, and reported as unknown to the sketch.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

# diffusers saves and loads components of a few known base classes only, and looks the base up in the
# component's own module; SchedulerMixin is the one that brings no weights and needs no transformers.
from diffusers import SchedulerMixin

from ..errors import InputError
from ..family.lexicon import Lexicon
from ..family.registry import get_family
from .attributes import MAX_TOKENS, NONE, token_ids, vocabulary_of
from .description import Words, learned, read_words

CONFIG_NAME = "tokenizer_config.json"
FORMAT = 2
#: formats that can be read: the first one did not name the family
READS = (1, 2)


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
        """The words of each text that mean nothing to the model."""
        return tuple(w.unknown for w in self.words)


class LexiconTokenizer(SchedulerMixin):  # type: ignore[misc]
    """Tokens to ids of a model's own vocabulary, and texts to tokens by its family's lexicon of now.

    Args:
        family: whose words it reads.
        vocabulary: the tokens that the model was trained with, in the order of its embeddings; those of the
            family's lexicon of now where left out.
    """

    config_name = CONFIG_NAME
    model_max_length = MAX_TOKENS

    def __init__(self, family: str = "", vocabulary: Sequence[str] = ()) -> None:
        self.family = family
        self.vocabulary: tuple[str, ...] = tuple(vocabulary) or vocabulary_of(self.lexicon)
        self._known = frozenset(self.vocabulary)
        if self.vocabulary[0] != NONE or len(self._known) != len(self.vocabulary):
            raise InputError("a vocabulary names each token once and begins with the empty one")

    @property
    def lexicon(self) -> Lexicon:
        """What words mean for its family now.

        Raises:
            InputError: a tokenizer of no family, or of one that is not installed.
        """
        if not self.family:
            raise InputError("the tokenizer names no family, so it cannot read words")
        return get_family(self.family).lexicon

    @property
    def vocab_size(self) -> int:
        """Number of tokens, the empty one included."""
        return len(self.vocabulary)

    def __call__(self, texts: str | Sequence[str]) -> TokenBatch:
        """Read texts.

        Args:
            texts: one or several descriptions; an empty one gives no tokens.

        Raises:
            InputError: a text that is too long.
        """
        several = [texts] if isinstance(texts, str) else list(texts)
        words = tuple(self.read(text) for text in several)
        ids, mask = self.pad([w.tokens for w in words])
        return TokenBatch(ids, mask, words)

    def read(self, text: str | Words) -> Words:
        """What a description, or what was read of it, says to the model."""
        return self.learned(read_words(text, self.lexicon) if isinstance(text, str) else text)

    def learned(self, words: Words) -> Words:
        """The same without what the model has not learned: those phrases are unknown to it."""
        return learned(words, self._known)

    def pad(self, captions: Iterable[Sequence[str]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and mask of canonical tokens that the model has learned, each (b, MAX_TOKENS)."""
        rows = [token_ids(tokens, self.vocabulary)[:MAX_TOKENS] for tokens in captions]
        ids = torch.zeros((len(rows), MAX_TOKENS), dtype=torch.int64)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = torch.tensor(sorted(row), dtype=torch.int64)
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
            "family": self.family,
            "max_tokens": MAX_TOKENS,
            "vocabulary": list(self.vocabulary),
        }
        (folder / CONFIG_NAME).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def from_pretrained(
        cls, pretrained_model_name_or_path: str | Path, subfolder: str | None = None, **_: Any
    ) -> LexiconTokenizer:
        """Read a folder that :meth:`save_pretrained` wrote.

        Raises:
            InputError: no such file, a damaged one, or one of a later format.
        """
        path = Path(pretrained_model_name_or_path) / (subfolder or "") / CONFIG_NAME
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            written = record["format"]
            vocabulary = [str(token) for token in record["vocabulary"]]
            family = str(record.get("family", ""))
        except FileNotFoundError:
            raise InputError(f"tokenizer file {path} is missing") from None
        except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"tokenizer file {path} cannot be read: {error}") from None
        if written not in READS or not vocabulary:
            raise InputError(f"tokenizer file {path} has format {written!r}; known: {READS}")
        return cls(family, vocabulary)
