"""Blocks of text: phrases parted by commas, those behind a bar kept apart from training captions."""

from __future__ import annotations


def phrases(text: str) -> tuple[str, ...]:
    """Every phrase of a text block, blanks tidied, the bar read as a comma."""
    return tuple(" ".join(item.split()) for item in text.replace("|", ",").split(",") if item.strip())


def caption_phrases(text: str) -> tuple[str, ...]:
    """The phrases that training captions may use: those before the bar."""
    return phrases(text.partition("|")[0])


def kept_phrases(text: str) -> tuple[str, ...]:
    """The phrases kept apart from training captions: those behind the bar."""
    return phrases(text.partition("|")[2])
