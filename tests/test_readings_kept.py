"""What is read of sentences, in whole: limits, confidence, locks, starts, wishes, questions and leftovers.

`tests/briefs/*.jsonl` say what a sentence asks, and the tests beside this one count how much of it is right.
`readings.jsonl` holds all that is read of every fifth of them, of every edit and of some looks: each was
read through when it was written. Where a reading changes, it is looked at and written anew:
``python tests/test_readings_kept.py``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "briefs"
KEPT = FOLDER / "readings.jsonl"
EVERY = 5
FAMILIES = {"chair_en": "chair", "chair_zh": "chair", "bicycle_en": "bicycle", "bicycle_zh": "bicycle"}
BRIEFS = ("en", "zh", "en_fresh", "zh_fresh", "cases", *FAMILIES)
BATCH = 12
LOOKS = (
    ("car", "a calm, low fastback with a long wheelbase, as little drag as possible"),
    ("car", "no spoiler on low cars, a slightly raked windscreen, not sporty"),
    ("car", "no low spoiler, please"),
    ("car", "without a spoiler; very wide, head room for tall passengers"),
    ("car", "a sporty estate with big wheels and short overhangs, any proportions"),
    ("car", "drag as low as possible, boot as large as possible, minimise the frontal area"),
    ("car", "elegant notchback, two-tone paint, split grille, a tail that is not high"),
    ("car", "a boxy off-roader with lots of ground clearance, ideally under 4.5 m"),
    (
        "car",
        "as short as possible but roomy; preferably at most 1.5 m high, with 95 % confidence Cd at most 0.3",
    ),
    ("car", "an aggressive, muscular coupe, not too long, tall rear, friendly face"),
    ("car", "rather compact city car, no bigger than 3.9 m, steeper windscreen, smaller wheels"),
    ("car", "something like an SUV, keep the wheelbase at 2.9 m, and the length must be 10 % shorter"),
    ("car", "一辆优雅低矮的快背车，长轴距，不要尾翼，风阻尽量小"),
    ("car", "运动一点的旅行车，大轮毂，短前悬，后备箱越大越好"),
    ("car", "不要太高的越野车，离地间隙尽可能大，比例随意"),
    ("car", "圆润可爱的小车，车长最好四米以内，能坐下高个子"),
    ("chair", "a light stacking chair with slim legs and a high back, as light as possible"),
    ("chair", "a sturdy armchair without arms, low seat, wide, ideally under 6 kg"),
    ("chair", "an elegant dining chair for heavy people, slatted back, not tilted"),
    ("chair", "轻便的叠放椅，细腿，靠背高一点，重量越轻越好"),
    ("chair", "结实的椅子，不要扶手，座面矮一些"),
    ("bicycle", "a stiff racing frame with slim tubes, as light as possible, aluminium"),
    ("bicycle", "a relaxed gravel frame, long wheelbase, slack head angle, room for wide tyres"),
    ("bicycle", "钢制休闲车架，下管粗，头管长，尽量轻"),
)


def read(kind: str, family: str, text: str) -> Any:
    """All of it as plain data, without what is empty."""
    from maquette.constraints.requirements.edits import read_edits
    from maquette.constraints.requirements.product import brief_from_text
    from maquette.design.errors import InputError
    from maquette.design.family.registry import get_family

    def heard(rows: Any) -> list[list[str]]:
        return [[h.phrase, str(h.meaning)] for h in rows]

    try:
        if kind == "edit":
            found = read_edits(text, get_family(family))
            told: dict[str, Any] = {
                "asks": [{k: v for k, v in vars(a).items() if v} for a in found.asks],
                "keeps": found.keeps, "options": found.options, "undo": found.undo,
            }  # fmt: skip
        else:
            parsed = brief_from_text(text, family)
            found = parsed  # type: ignore[assignment]
            told = {k: v for k, v in parsed.brief.to_json().items() if k not in ("prompt", "said")}
            told["remarks"] = heard(parsed.remarks)
            told["ignored"] = parsed.ignored
    except InputError as error:
        return str(error)
    told["understood"] = heard(found.understood)
    told["not_understood"] = heard(found.not_understood)
    told["questions"] = [[q.words, str(q.question), list(map(str, q.choices))] for q in found.questions]
    return json.loads(json.dumps({k: v for k, v in told.items() if v}, default=str))


def chosen() -> list[tuple[str, str, str]]:
    """(edit or brief, family, text) of every sentence whose reading is kept."""
    found = []
    for name in ("edits_en", "edits_zh"):
        for row in rows(FOLDER / f"{name}.jsonl"):
            found.append(("edit", row["family"], row["text"]))
    for name in BRIEFS:
        found += [
            ("brief", FAMILIES.get(name, ""), row["text"]) for row in rows(FOLDER / f"{name}.jsonl")[::EVERY]
        ]
    return [*found, *(("brief", family, text) for family, text in LOOKS)]


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("at", range(0, 312, BATCH))
def test_sentences_are_read_as_they_were(at: int) -> None:
    for row in rows(KEPT)[at : at + BATCH]:
        assert read(row["kind"], row["family"], row["text"]) == row["read"], row["text"]


def test_every_chosen_sentence_is_kept() -> None:
    kept = [(row["kind"], row["family"], row["text"]) for row in rows(KEPT)]
    assert kept == chosen()
    assert 200 < len(kept) <= 400


if __name__ == "__main__":
    lines = [
        json.dumps({"kind": k, "family": f, "text": t, "read": read(k, f, t)}, ensure_ascii=False)
        for k, f, t in chosen()
    ]
    KEPT.write_text("\n".join(lines) + "\n", encoding="utf-8")
