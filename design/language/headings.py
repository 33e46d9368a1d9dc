"""What stands before a colon holds for all behind it: "Maximum: length 4.5 m, width 1.8 m", "Seat: 430 wide".

A heading holds to the end of its sentence, over semicolons, and over the lines of a list below it; that of a
part also over lines that begin with a bare measure ("height: 380 mm"). One of wishes ("Nice to have:") holds
to the next heading, over all lines of its paragraph where it has a line of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from .clauses import Clause, Phrase
from .linked import LIMIT, TURNED
from .lists import Lists

#: what a line of a list begins with
_BULLETS = frozenset(["-", "*", "•", "·", "+"])
#: words of wishes where they head something
_HEAD_WISHES = frozenset(["should", "could", "希望"])
#: wishes that may head limits as well: "Targets for project K: ..." makes wishes of bare values only
_TARGETS = frozenset(["target", "targets", "goal", "goals", "目标", "参考"])


class Headed(Lists):
    """Keeps the comparison, the part and the wish of a heading."""

    def heading(self, clause: Clause) -> None:
        """Take the heading of a clause that has one; forget the one before where it ends."""
        self._wishes(clause)
        phrases = clause.phrases
        listed = not clause.sentence_start or clause.after == ";" or phrases[0].text in _BULLETS
        if not listed:
            self.headed = ""
            first = next((p for p in phrases if not p.has("stop") or p.has("part_measure")), phrases[0])
            if clause.after != "\n" or not measure_alone(first):
                self.part = {}
        colon = next((j for j, p in enumerate(phrases) if p.text == ":"), -1)
        head = [
            p
            for p in phrases[: max(colon, 0)]
            if not p.has("stop", "neutral") or p.has("compare", "measures")
        ]
        compare = [p for p in head if p.has("compare") and p.readings["compare"][0] in (*TURNED, LIMIT)]
        stray = any(p.unknown or p.has("quantity", "negation", "measures", "free") for p in head)
        if len(compare) == 1 and not stray:  # "recap from Tuesday: ..."
            self.headed = compare[0].readings["compare"][0]
        parts = [p for p in head if p.has("measures")]
        if len(parts) == 1 and all(p.unknown for p in head if p not in parts):  # "Seat pan: 430 wide"
            self.part = parts[0].readings["measures"]

    def _wishes(self, clause: Clause) -> None:
        """Whether what is asked from here on is only wished for."""
        phrases = clause.phrases
        below = self.lines and clause.after == "\n" and not clause.apart
        if clause.sentence_start and not (below or clause.after == ";" or _bullet(phrases[0])):
            self.wished = ""
        colon = next((j for j, p in enumerate(phrases) if p.text == ":"), -1)
        alone = colon == len(phrases) - 1 or (colon < 0 and heads_alone(clause))
        head = [p for p in phrases[: len(phrases) if colon < 0 else colon] if not _bullet(p)]
        if (colon < 0 and not alone) or not head or any(_measured(p) for p in head):
            return
        strange = any(
            p.unknown and not p.aside for p in head
        )  # "People of all sizes should be able to sit: ..."
        strange &= head[0].text != "希望"
        wish = next((k for k, p in enumerate(head) if p.has("soft") or (wishes(p) and not strange)), None)
        self.wished = (
            "" if wish is None else _wished(head[wish], [p for p in head[wish + 1 :] if not p.aside])
        )
        self.lines = alone

    def heads(self, clause: Clause) -> bool:
        """Whether a clause is the heading itself: "Maximum:"."""
        meaning = [
            p for p in clause.phrases if not p.has("stop", "filler", "firm", "neutral") or p.has("compare")
        ]
        colon = clause.phrases[-1].text == ":"
        return bool(self.headed) and colon and all(p.has("compare") for p in meaning)


def measure_alone(phrase: Phrase) -> bool:
    """Whether a phrase is a bare measure, which of a part too may be said: "width", 高度."""
    return phrase.has("part_measure") and not phrase.has("compare", "measures") and phrase.amount is None


def _wished(wish: Phrase, behind: Sequence[Phrase]) -> str:
    """What a heading makes wishes of: "Targets for K" of bare values, "target vehicle" of nothing."""
    if not behind or wish.text.lower() not in _TARGETS:
        return "all"
    return "bare" if behind[0].text.lower() in ("for", "of", "from", "on", "by") else ""


def wishes(phrase: Phrase) -> bool:
    """Whether a phrase of a heading says that what follows is a wish."""
    return phrase.has("soft") or phrase.text.lower() in _HEAD_WISHES


def heads_alone(clause: Clause) -> bool:
    """Whether a clause says nothing but "must" or "nice to have", on a line of its own."""
    said = [p for p in clause.phrases if p.has("soft", "firm")]
    rest = (p for p in clause.phrases if p not in said)
    ends = clause.ends in ("\n", "--") or clause.phrases[-1].text == ":"
    return ends and bool(said) and all(p.has("stop", "neutral") and not _measured(p) for p in rest)


def _measured(phrase: Phrase) -> bool:
    return phrase.amount is not None or phrase.has("quantity", "measures", "feature", "compare", "negation")


def _bullet(phrase: Phrase) -> bool:
    """What begins a line of a list: "-", "2)"."""
    return phrase.text in _BULLETS or (phrase.amount is None and phrase.text.strip("().,、").isdigit())
