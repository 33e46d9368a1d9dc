"""From phrases to clauses as a brief means them: split, questions answered, bare quantities handed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from .blocks import phrases
from .clauses import EACH, Clause, Phrase, han

#: soft phrases that speak of what stands before them
_TRAILING = frozenset(
    p
    for text in (
        "if possible, nice to have, would be nice, where possible, preferred, would be good, if you can",
        "desired",
        "would be great, desirable, bonus, if at all possible, if we can, as a target, optionally, target",
        "如果可能, 若可能, 可能的话, 如有可能, 有可能的话, 条件允许的话, 优先",
    )
    for p in phrases(text)
)


def clauses_of(read: Sequence[Phrase]) -> list[Clause]:
    """Clauses as a brief means them: :func:`split`, questions with their answers, then :func:`arranged`."""
    return arranged(_answers(_parts_joined(split(read))))


def split(read: Sequence[Phrase]) -> list[Clause]:
    """Split at punctuation, "and", "with" and their kin; separators themselves belong to no clause."""
    clauses = [Clause([], "", True)]
    for k, phrase in enumerate(read):
        separator = phrase.readings.get("separator")
        each = clauses[-1].phrases and all(p.text.lower() in EACH for p in clauses[-1].phrases)
        if each and separator is None and phrase.has("break"):
            clauses[-1].phrases.append(phrase)  # "all with 0.8 mm walls"
        elif _at_the_end(read, k):
            clauses[-1].phrases.append(phrase)  # "42 cm plus."
        elif separator is not None or phrase.has("join", "break") or _by(read, k):
            joins = phrase.has("join") if separator is None else phrase.text == "、"
            join = phrase.text.lower() if joins else ""
            ends = separator in (".", "!", "?", "\n", ";")
            if clauses[-1].phrases:
                clauses[-1].ends = separator or ""
                clauses.append(Clause([], join, ends, parted=not join and not ends, after=separator or ""))
            else:
                clauses[-1].apart |= separator == clauses[-1].after == "\n"
                clauses[-1].after = "\n" if "\n" in (separator, clauses[-1].after) else separator or ""
                clauses[-1].join = clauses[-1].join or join
                clauses[-1].sentence_start |= ends
                clauses[-1].parted &= not join and not ends
        else:
            clauses[-1].phrases.append(phrase)
    return [c for c in clauses if c.phrases]


def _at_the_end(read: Sequence[Phrase], k: int) -> bool:
    """Whether a word that may also begin a clause stands behind a number and ends one."""
    follows = read[k + 1].has("separator") if k + 1 < len(read) else True
    return read[k].has("break") and read[k].has("compare") and follows and k > 0 and bool(read[k - 1].amount)


def _by(read: Sequence[Phrase], k: int) -> bool:
    """ "4.4 m long by 1.8 m wide": a comma between measures."""
    kind = {"by": "measured_by", "/": "place"}.get(read[k].text.lower(), "")  # "1520 front / 1530 rear"
    beside = k >= 2 and read[k - 2].amount is not None and read[k - 1].has(kind)
    return bool(kind) and beside and any(p.amount is not None for p in read[k + 1 : k + 2])


def arranged(clauses: Sequence[Clause]) -> list[Clause]:
    """Clauses with bare quantities handed on ("height and width under 1.9 m") and "ideally" attached."""
    done: list[Clause] = []
    waiting: list[Phrase] = []
    soft: list[Phrase] = []
    for clause in clauses:
        meaning = [
            p for p in clause.phrases if not p.has("stop", "firm", "neutral", "filler") or p.has("soft")
        ]
        if meaning and all(p.has("soft") for p in meaning):
            if clause.phrases[-1].text == ":" or clause.ends in ("\n", "--"):
                done.append(clause)  # "packaging targets - length 4.3 m": a heading
            elif done and not clause.sentence_start and any(p.text.lower() in _TRAILING for p in meaning):
                done[-1].phrases.extend(clause.phrases)
            else:
                soft.extend(clause.phrases)
            continue
        if meaning and all(p.has("place") for p in meaning) and clause.phrases[-1].has("place"):
            waiting.extend([*soft, *clause.phrases])  # "those in front, 980 mm"
            soft = []
            continue
        labels = [p for p in meaning if not p.has("unit", "place")]
        if labels and all(_names_only(p) for p in labels):
            waiting.extend([*soft, *clause.phrases])
            soft = []
            continue
        if waiting:
            numbers = any(p.amount for p in clause.phrases)
            explicit = any(p.has("quantity") for p in clause.phrases)
            if numbers and (not explicit or clause.join):
                clause.shared = explicit
                clause.phrases = waiting + clause.phrases
            else:
                done.append(Clause(waiting))
            waiting = []
        clause.phrases = soft + clause.phrases
        soft = []
        done.append(clause)
    if waiting or soft:
        done.append(Clause(waiting + soft))
    return done


def _names_only(phrase: Phrase) -> bool:
    """A quantity's name, or the "neither" before it."""
    return (
        phrase.has("quantity")
        or (phrase.has("measured_by") and han(phrase))
        or phrase.text.lower() == "neither"
    )


def _answers(clauses: Sequence[Clause]) -> list[Clause]:
    """Questions put together with their answers: "How high is the seat? 44 cm" as "the seat 44 cm high"."""
    done: list[Clause] = []
    question: Clause | None = None
    for clause in clauses:
        if question is not None and not _answered(question, clause):
            done.append(question)
        question = clause if _asks(clause) else None
        if question is None:
            done.append(clause)
    return done if question is None else [*done, question]


def _asks(clause: Clause) -> bool:
    """Whether a clause asks for a number."""
    measured = any(p.has("part_measure", "measured_by", "quantity", "size") for p in clause.phrases)
    return clause.ends == "?" and measured and not any(p.amount for p in clause.phrases)


def _answered(question: Clause, answer: Clause) -> bool:
    """Put a question's words round the number that answers it; False where none does."""
    first = next((k for k, p in enumerate(answer.phrases) if p.amount is not None), -1)
    if first < 0 or any(p.has("quantity", "measures", "free", "condition") for p in answer.phrases):
        return False
    ways = [
        p for p in question.phrases if p.has("part_measure", "measured_by", "size") and not p.has("quantity")
    ]
    asked = [p for p in question.phrases if p not in ways and not p.has("permission")]
    heads, tail = answer.phrases[: first + 1], answer.phrases[first + 1 :]
    answer.phrases = [*asked, *heads, *ways, *tail]
    return True


def _parts_joined(clauses: Sequence[Clause]) -> Sequence[Clause]:
    """ "top tube and down tube walls": the part that stands alone has the measure of the one behind it."""
    for clause, following in reversed([*pairwise(clauses)]):
        said = [p for p in clause.phrases if not p.has("stop") or p.has("measures")]
        first = next((p for p in following.phrases if not p.has("stop") or p.has("quantity")), None)
        if len(said) != 1 or first is None or not said[0].has("measures") or said[0].has("quantity"):
            continue
        if not following.join or len(first.readings.get("quantity", ())) != 1:
            continue
        way = first.readings["quantity"][0].rpartition("_")[2]
        name = next((n for n in said[0].readings["measures"].values() if n.endswith(f"_{way}")), "")
        if name and name != first.readings["quantity"][0]:
            k = clause.phrases.index(said[0])
            clause.phrases[k] = replace(said[0], readings={**said[0].readings, "quantity": (name,)})
    return clauses
