"""Fresh batches of sixty sentences, each written before the reader was tried on it.

`tests/briefs/batches.jsonl` holds twenty-one, twenty sentences a product. F to K are half Chinese: e-mails,
spec sheets, lists, tables, asides, most with several requirements. "soft" marks a wish; a value of what has
a better end is a limit to that side. They were written in three sittings of 120 sentences, and every second
sentence was kept back: G, I and K were read after the mending that their sister led to, and before any for
themselves. First read (wrong: sentences with a wrong or missing limit of which nothing is asked or listed):

=====  ============  =====  ==========================================================================
batch  right         wrong  what was wrong
=====  ============  =====  ==========================================================================
F      117 of 144    3      "recap from Tuesday:" as at least; two tracks as one; "no more than six"
G      106 of 147    2      "0.24 (stretch 0.22)" lost its first; "stable (factor 1.3)"
H      107 of 140    3      "all with 0.8 mm walls" of the last part only; 要有16公分; 钢管直径
I      98 of 123     1      "half a metre less than 5 m" as at most 5 m
J      105 of 146    2      "at most 52 cm overall" of the seat; 座面处宽度 of the whole chair
K      93 of 119     3      "less than 58 mm makes it twitchy"; 高于1.47米的车; a drop taken as stiffness
=====  ============  =====  ==========================================================================

Together 626 of 819 (76 %, as with the batches before them) and 14 of 360 sentences wrong unasked. What those
showed became checks of any sentence (:mod:`maquette.design.language.audit`), and the reader was mended for
whole kinds, so these sentences measure nothing new. L to R, a third of them Chinese, were written one after
the other, each after the mending that the one before had led to. First read:

=====  ============  =====  ==========================================================================
L      134 of 168    4      cells parted by bars; width with mirrors; 钢管 of a compound; "not a mm more"
M      113 of 160    1      "<= 4700 mm" of a column headed "Must" left out
N      118 of 158    1      "from mirror to mirror 2.05 m is the cap" as at least
O      134 of 161    0
P      135 of 165    1      "bottom bracket: 70 mm drop" as its height
Q      135 of 165    2      "mass budget stands at" as a band; "What about weight? 4 kg" as about
R      141 of 160    1      "520 litres (minimum 480 litres)" as at least 520
=====  ============  =====  ==========================================================================

Together 910 of 1,137 (80 %; the last four 84 %) and 10 of 420 sentences wrong unasked; Chinese alone is at
85 %. What costs things in dollars or yuan is asked about, as prices are in euro. Expectations that broke a
convention of the older files (soft values, body types) were put right before the figures.

S to Z, half Chinese: e-mails, tenders, tables, lists, chat, typing errors, things that no family has. Each
was read once before the mending that it led to; expectations that broke a convention (what a standard or a
figure brings with it, body types, a bare wish as a band) were put right afterwards, the figures were not:

=====  ============  =====  ==========================================================================
S      118 of 152    1      "Width of it: 42 cm plus" of the whole chair
T      107 of 157    2      "walls 0.8 mm each" of one part; 上管和下管壁厚 of one
U      151 of 179    1      an empty cell of a table shifted its row: a greatest width as the least
V      149 of 183    2      "not to exceed 84 cm in height, 52 cm in width"; 防倾倒系数 as strength
W      147 of 178    2      前后悬加起来 as a limit of each; "each to within 5 mm" of two of three
X      169 of 200    2      "track front and rear are both"; "neither the width nor the depth"
Y      154 of 185    2      "A, B and C, not a millimetre more" of C; 目标车型参数 as wishes
Z      130 of 166    2      "should weigh 4 kg; mustn't weigh more than 5"; "14 cm would do, 16 be nicer"
=====  ============  =====  ==========================================================================

Together 1,125 of 1,400 (80 %; the last six 82 %) and 14 of 480 sentences wrong unasked.
"""

from __future__ import annotations

from typing import Any

import pytest
from test_brief_sentences import Limits, read, rows, same, taken

from maquette.constraints.requirements.product import brief_from_text

BATCHES = rows("batches")
ENOUGH = 0.78  # share of the requirements of a batch that must be right; the rest is asked about


def of(row: dict[str, Any]) -> tuple[int, int, bool]:
    """How many requirements are right, how many there are, whether one is wrong and nothing is said."""
    parsed, wanted = read(row["text"], row["family"]), row["expect"]
    if isinstance(parsed, str):
        return 0, 1 if wanted == "ask" else len(wanted), False
    left, right = taken(parsed), 0
    for one in [] if wanted == "ask" else wanted:
        hit = next((got for got in left if same(tuple(one[:3]), got)), None)
        if hit is not None:
            left.remove(hit)
            right += 1
    if wanted == "ask":
        return int(bool(parsed.questions) and not left), 1, not parsed.questions
    silent = not parsed.questions and (bool(left) or (right < len(wanted) and not parsed.not_understood))
    return right, len(wanted), silent


@pytest.mark.parametrize("batch", "FGHIJKLMNOPQRSTUVWXYZ")
def test_nothing_is_wrong_without_a_question(batch: str) -> None:
    found = [(row["text"], *of(row)) for row in BATCHES if row["batch"] == batch]
    assert len(found) == 60
    assert [text for text, _, _, silent in found if silent] == []
    right, total = sum(f[1] for f in found), sum(f[2] for f in found)
    assert right >= ENOUGH * total, [text for text, some, every, _ in found if some < every]


@pytest.mark.parametrize("batch", "FGHIJKLMNOPQRSTUVWXYZ")
def test_wishes_are_told_from_demands(batch: str) -> None:
    for row in BATCHES:
        parsed = read(row["text"], row["family"])
        if row["batch"] != batch or isinstance(parsed, str) or parsed.questions or row["expect"] == "ask":
            continue
        soft = {r.quantity for r in parsed.brief.requirements if not r.hard}
        assert {one[0] for one in row["expect"] if len(one) > 3} <= soft, row["text"]


ASKED = [
    ("car", "Half a metre less than 5 m long"),
    ("car", "高于1.47米的车上不了运输车。"),
    ("car", "Anything taller than 1.47 m won't go on the transporter."),
    ("car", "boot at most 400 l"),
    ("car", "length 4.5 m, width 1.8 m, at most"),
    ("car", "the body mass is at least 1,400 kg"),
    ("chair", "42 cm wide at the seat and at most 52 cm overall"),
    ("chair", "座面处宽度至少42厘米，整体宽度最多52厘米"),
    ("chair", "It needs to be stable (factor 1.3 or more)"),
    ("chair", "mass at most 5 kg, mass at most 4 kg"),
    ("chair", "座高450毫米，座宽430毫米，误差5毫米"),
    ("bicycle", "Less than 58 mm of trail makes it twitchy"),
    ("bicycle", "Tyres up to 38 mm have to fit."),
    ("car", "前后悬加起来别超过1.8米"),
    ("car", "length 4.5 m, width 1.8 m, not a millimetre more"),
    ("chair", "seat 450 mm high. Its width: 480 mm"),
]


@pytest.mark.parametrize(("family", "text"), ASKED)
def test_what_cannot_be_trusted_is_asked_about(family: str, text: str) -> None:
    assert brief_from_text(text, family).questions


TOLD = [
    ("car", "The track must be wider than 1.55 m, front and rear.",
     [("track", 1550.0, None), ("track_rear", 1550.0, None)]),
    ("car", "Quick recap from Tuesday: wheelbase 2,850 mm", [("wheelbase", 2850.0, 2850.0)]),
    ("car", "1）车宽≤1850mm；2）车高1460～1490mm",
     [("overall_width", None, 1850.0), ("overall_height", 1460.0, 1490.0)]),
    ("car", "Spec 3.1 Height: <= 1.5 m. Spec 3.2 Width: <= 1.9 m.",
     [("overall_height", None, 1500.0), ("overall_width", None, 1900.0)]),
    ("car", "length, width and height may not exceed 4.6 x 1.85 x 1.5 m",
     [("overall_length", None, 4600.0), ("overall_width", None, 1850.0), ("overall_height", None, 1500.0)]),
    ("chair", "at least four slats, but no more than six", [("back_members", 4.0, 6.0)]),
    ("chair", "Seat pan: w = 445 mm, d = 415 mm",
     [("seat_width", 445.0, 445.0), ("seat_depth", 415.0, 415.0)]),
    ("car", "Should: boot 500 l, mass 1400 kg. Length 4.5 m",
     [("luggage_volume", 500.0, None), ("body_mass", None, 1400.0), ("overall_length", 4500.0, 4500.0)]),
    ("car", "项目\t最小\t最大\n车长(mm)\t4300\t4500\n车宽(mm)\t\t1850",
     [("overall_length", 4300.0, 4500.0), ("overall_width", None, 1850.0)]),
    ("chair", "not to exceed 84 cm in height, 52 cm in width and 56 cm in depth",
     [("overall_height", None, 840.0), ("overall_width", None, 520.0), ("overall_depth", None, 560.0)]),
    ("chair", "seat height, width and depth 450, 420 and 400 +- 5",
     [("seat_height", 445.0, 455.0), ("seat_width", 415.0, 425.0), ("seat_depth", 395.0, 405.0)]),
    ("chair", "How high is the seat? 44 cm, not 46", [("seat_height", 440.0, 440.0)]),
    ("chair", "座面45×42厘米，离地46厘米",
     [("seat_width", 450.0, 450.0), ("seat_depth", 420.0, 420.0), ("seat_height", 460.0, 460.0)]),
    ("bicycle", "Seat stays 14 mm, chain stays 19 mm in diameter, walls 0.8 mm each",
     [("seat_stay_diameter", 14.0, 14.0), ("chain_stay_diameter", 19.0, 19.0),
      ("seat_stay_wall", 0.8, 0.8), ("chain_stay_wall", 0.8, 0.8)]),
    ("bicycle", "上管、下管、座管壁厚分别为0.7、0.8、0.9毫米",
     [("top_tube_wall", 0.7, 0.7), ("down_tube_wall", 0.8, 0.8), ("seat_tube_wall", 0.9, 0.9)]),
    ("bicycle", "我一米七五", [("rider_height", 1750.0, 1750.0)]),
    ("bicycle", "Bottom bracket 272-280 mm above ground", [("bottom_bracket_height", 272.0, 280.0)]),
]  # fmt: skip


@pytest.mark.parametrize(("family", "text", "wanted"), TOLD)
def test_what_was_misread_is_read(family: str, text: str, wanted: list[Limits]) -> None:
    parsed = brief_from_text(text, family)
    found = taken(parsed)
    assert parsed.questions == ()
    assert len(found) == len(wanted)
    assert all(any(same(one, got) for got in found) for one in wanted)
