"""What stands before a colon holds for all behind it: "Maximum: length 4.5 m, width 1.8 m", "Seat: 430 wide".

A heading holds to the end of its sentence, over semicolons, and over the lines of a list below it; that of a
part also over lines that begin with a bare measure ("height: 380 mm").
"""

from __future__ import annotations

from .clauses import Clause, Phrase
from .linked import TURNED
from .lists import Lists

#: what a line of a list begins with
_BULLETS = frozenset(["-", "*", "•", "·", "+"])


class Headed(Lists):
    """Keeps the comparison and the part of a heading."""

    def heading(self, clause: Clause) -> None:
        """Take the heading of a clause that has one; forget the one before where it ends."""
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
        compare = [p for p in head if p.has("compare") and p.readings["compare"][0] in TURNED]
        stray = any(p.unknown or p.has("quantity", "negation", "measures", "free") for p in head)
        if len(compare) == 1 and not stray:  # "recap from Tuesday: ..."
            self.headed = compare[0].readings["compare"][0]
        parts = [p for p in head if p.has("measures")]
        if len(parts) == 1 and all(p.unknown for p in head if p not in parts):  # "Seat pan: 430 wide"
            self.part = parts[0].readings["measures"]

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
