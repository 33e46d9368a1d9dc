"""Limits against a design file: "10 % more luggage than start.json", 后备箱比 start.json 大 10%.

Such a clause is read as an edit (:mod:`.edits`), and the value that the edit would give that design becomes
the limit: at least it where more is asked, at most it where less is. "No more than" turns that round.
Predicted quantities are asked about: reading a brief runs no model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.records import Design, read_design
from ...design.language.clauses import phrases_of
from ...design.language.tokens import tokenise
from ...design.messages import Message, named, say
from .brief import Brief, Heard, ParsedBrief, Question, checked
from .edits import PREDICTED, Ask, Edits, read_edits
from .phrases import dictionary
from .quantity import DERIVED, PARAMETER, SURROGATE, Quantity, quantities
from .requirement import Requirement, merged

#: share that a measured value may be off where it is to be the same
SAME = 0.005
_FILE = r"(?P<file>[\w./\\~-]+\.json)"
_THAN = re.compile(
    rf"\b(?P<word>than|as|above|over|below|under)\s+(?:in\s+|the one in\s+)?{_FILE}(?:'s)?", re.I
)
_ZH = re.compile(rf"(?:比|跟|和|与)\s*{_FILE}\s*(?:的|里的|一样)?")
_ENDS = re.compile(r"[,;.](?=\s)|[\n,;。；，]|\b(?:and|but|with)\b|和|且", re.I)
_NOT_MORE = re.compile(
    r"\b(?:at most|no more than|not more than|up to|no|not|never|within|maximum|max)\b\.?|"
    r"不超过|至多|最多|不能|不得|不",
    re.I,
)
_SOFT = re.compile(r"\b(?:ideally|preferably|hopefully|if possible)\b|最好|尽量", re.I)
_MORE_ZH = re.compile(r"(?<![加更一])([轻重长短宽窄高低矮])(?=\s*[\d一二三四五六七八九十百])")
_PLAIN = re.compile(r"\b(?:at least|must be|should be|has to be|is to be|minimum|min)\b\.?|至少", re.I)
#: what "above" and "below" a design mean to an edit
_WAYS = {"above": "more", "over": "more", "below": "less", "under": "less"}


@dataclass(frozen=True)
class Compared:
    """A clause that speaks of a design: its words as written, as an edit, and the file."""

    words: str
    edit: str
    file: str
    turned: bool
    soft: bool
    same: bool


def clauses_against(text: str, family: Family | None = None) -> tuple[str, list[Compared]]:
    """The text without the clauses that compare with a file, and those clauses.

    Args:
        family: whose words decide what before a clause is another matter ("a low fastback 5 % lighter than").
    """
    found: list[Compared] = []
    rest, start = "", 0
    for match in sorted([*_THAN.finditer(text), *_ZH.finditer(text)], key=lambda m: m.start()):
        begin = max((e.end() for e in _ENDS.finditer(text, start, match.start())), default=start)
        begin += 0 if family is None else _lead(text[begin : match.start()], family)
        ends = _ENDS.search(text, match.end())
        end = len(text) if ends is None else ends.start()
        head, tail = text[begin : match.start()], text[match.end() : end]
        word = match.groupdict().get("word", "") or ""
        said = f"{head} {_WAYS.get(word.lower(), '')} {tail}"
        edit = _PLAIN.sub(" ", _NOT_MORE.sub(" ", _SOFT.sub(" ", said)))
        rest += text[start:begin]
        start = end
        found.append(
            Compared(
                " ".join(text[begin:end].split()), " ".join(edit.split()), match["file"],
                _NOT_MORE.search(said) is not None, _SOFT.search(said) is not None,
                word.lower() == "as" or "一样" in match[0] + tail,
            )
        )  # fmt: skip
    return rest + text[start:], found


def _lead(head: str, family: Family) -> int:
    """How much of the words before a comparison is about something else."""
    first = re.search(rf"\d|{_NOT_MORE.pattern}|{_PLAIN.pattern}|{_SOFT.pattern}", head, re.I)
    lead = head[: first.start()] if first else ""
    phrases = phrases_of(lead, tokenise(lead), dictionary(family))
    named_there = any(p.has("quantity", "feature") for p in phrases)
    return 0 if named_there else len(lead)


def with_compared(parsed: ParsedBrief, family: Family, clauses: list[Compared], folder: Path) -> ParsedBrief:
    """`parsed` with the limits that its clauses take from design files, looked up in `folder` first.

    Raises:
        InputError: a file that is no design, or one of another family.
    """
    brief, understood, questions = parsed.brief, list(parsed.understood), list(parsed.questions)
    limits, locks = list(brief.requirements), dict(brief.locks)
    for clause in clauses:
        near = folder / clause.file
        design = read_design(near if near.exists() else Path(clause.file))
        if design.family != family.name:
            raise InputError(
                say("{file}: is a design of family {other}; the brief is about a {family}", file=clause.file,
                    other=named(design.family), family=named(family.name))
            )  # fmt: skip
        made, fixed, asked = _limits(clause, family, design)
        limits += made
        locks |= fixed
        questions += asked
        understood += [Heard(clause.words, _meaning(r, clause)) for r in made]
        understood += [
            Heard(clause.words, say("{quantity} as in {file}", quantity=named(n), file=clause.file))
            for n in fixed
        ]
    whole = replace(brief, requirements=merged(limits), locks=dict(sorted(locks.items())))
    return replace(
        parsed, brief=checked(whole, family), understood=tuple(understood), questions=tuple(questions)
    )


def nothing_else(family: Family) -> ParsedBrief:
    """What a text says that only compares."""
    return ParsedBrief(Brief(family.name))


def _limits(
    clause: Compared, family: Family, design: Design
) -> tuple[list[Requirement], dict[str, float], list[Question]]:
    known = quantities(family)
    edits = read_edits(
        _MORE_ZH.sub(r"更\1", clause.edit) if not clause.same else f"keep {clause.edit}", family
    )
    if clause.same:
        names = list(edits.keeps)
        fixed = {n: v for n in names if (v := _value(family, design, known[n])) is not None}
        parts = {n: v for n, v in fixed.items() if known[n].how in (PARAMETER, DERIVED)}
        bands = [
            Requirement(n, known[n].unit, v - SAME * abs(v), v + SAME * abs(v), hard=not clause.soft,
                        source=clause.words)
            for n, v in fixed.items() if n not in parts
        ]  # fmt: skip
        return bands, parts, [] if fixed else [_question(clause)]
    if any(isinstance(q.question, Message) and q.question.id == PREDICTED for q in edits.questions):
        return [], {}, [_predicted(clause, edits)]
    asks = _whole(edits, known)
    found: list[Requirement] = []
    for ask in asks:
        quantity = known[ask.quantity]
        base = _value(family, design, quantity) or 0.0
        step = 0.0 if _unsaid(clause.edit) else ask.value + ask.share * base
        more = (ask.value + ask.share) > 0.0
        value = quantity.typed(base + step)
        low, high = (value, None) if more != clause.turned else (None, value)
        found.append(
            Requirement(quantity.name, quantity.unit, low, high, hard=not clause.soft, source=clause.words)
        )
    return found, {}, [] if found else [_question(clause)]


def _whole(edits: Edits, known: Mapping[str, Quantity]) -> list[Ask]:
    """The relative changes of one quantity each; nothing where the words leave a question or set a value."""
    asks = edits.asks
    plain = all(a.relative for a in asks) and len({a.quantity for a in asks}) == len(asks) == 1
    return list(asks) if plain and not edits.questions and asks[0].quantity in known else []


def _unsaid(edit: str) -> bool:
    """Whether no amount is named: "longer than start.json" is at least as long."""
    return re.search(r"\d|[一二三四五六七八九十百半]|\b(?:one|two|three|half|five|ten)\b", edit) is None


def _value(family: Family, design: Design, quantity: Quantity) -> float | None:
    """What the design has; None of a predicted quantity."""
    if quantity.how == SURROGATE:
        return None
    if quantity.how == PARAMETER:
        return float(design.parameters[quantity.name])
    return float(family.measures_of(design.parameters, {quantity.name})[quantity.name])


def _meaning(limit: Requirement, clause: Compared) -> Message:
    return say("{quantity} {limits}, from {file}", quantity=named(limit.quantity), limits=limit.limits,
               file=clause.file)  # fmt: skip


def _question(clause: Compared) -> Question:
    told = say("what of {file} is meant? name the quantity and how much", file=clause.file)
    return Question(clause.words, told)


def _predicted(clause: Compared, edits: Edits) -> Question:
    told = next(
        q.question for q in edits.questions if isinstance(q.question, Message) and q.question.id == PREDICTED
    )
    quantity = str(told.arguments["quantity"])
    return Question(
        clause.words,
        say("{quantity} is predicted, not measured; give the limit itself",
            quantity=named(quantity.replace(" ", "_"))),
    )  # fmt: skip
