"""Verbs about pictures: concept sheets from words, variants and facelifts, and the body of a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...constraints.requirements.brief import Brief, ParsedBrief, with_options
from ...design.clock import Clock
from ...design.errors import InputError
from ...design.family.contract import Family
from ...design.family.parameters import choices_in, named
from ...design.family.records import Design
from ...design.family.registry import get_family
from ..inputs import complete_design, parsed_brief, surrogate_for
from ..output import prepare_folder, write_json
from ..progress import Progress, silent
from ..results_concepts import RestyleResult, SketchResult
from ..sheets.artists import Foreign, Ours, open_artist
from ..sheets.bodies import Numbered, agreement_of, judged_concepts
from ..sheets.files import onto, open_picture, read_drawing, write_sheets, write_sketch
from ..sheets.sketching import Sketch, Wish, check_wish, redrawn
from ..sheets.words import spoken, steering

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif")
MAX_VARIANTS = 6


def sketch(
    brief: str | Path | Brief | ParsedBrief,
    out: Path,
    *,
    n: int = 8,
    seed: int | None = None,
    model: str | Path | None = None,
    view: str = "",
    style: str = "",
    palette: str = "",
    start: Design | Path | None = None,
    strength: float = 0.5,
    locks: Mapping[str, float | str] | Sequence[str] = (),
    guidance: float = 3.0,
    number_guidance: float = 2.0,
    drag_guidance: float = 0.0,
    steps: int = 10,
    controlnet: str | Path | None = None,
    lora: str | Path | None = None,
    variants: Sequence[str | Path | Brief | ParsedBrief] = (),
    control: str = "",
    progress: Progress = silent,
) -> SketchResult:
    """A sheet of concept sketches for a brief, each with the body that it shows, judged by the brief.

    The numbers of the brief steer the drawing (with a margin inside each limit) and judge the body; its locks
    hold exactly. The same brief and seed give the same sheet.

    Args:
        n: sketches (with `variants`: base sketches, each drawn once more for every variant).
        model: a folder in diffusers' layout or a hub id instead of the shipped model.
        view: ``side`` or ``three_quarter``; as the words say, else side. style: ``ink``, ``marker``, ``soft``
            or ``mixed`` (each in turn); as the words say, else mixed. palette: by name.
        start: a design, or a picture whose body is read first, to vary by `strength` (0 keeps it, 1 ignores
            it). A diffusers `model` starts from the picture itself (`view`: what it shows), or from the
            design's drawing.
        locks: exact values by name, on top of the brief's; as text ``wheelbase=2850 mm``, or the bare name of
            a parameter to keep as `start` has it.
        guidance, number_guidance, drag_guidance: strengths of words, numbers, the drag's gradient (0 off).
        controlnet, lora: of a diffusers `model`; a ControlNet follows our own bodies.
        control: what it is shown of them, ``lines`` (default) or ``depth``.
        variants: briefs for other markets: each base concept is drawn again to their numbers.

    Raises:
        InputError: the brief, a name or number that is not allowed, an unusable folder or picture.
        ModelError: no concept model, or a damaged one. MissingComponentError: weights that are not there.
    """
    clock = Clock()
    parsed = parsed_brief(brief, "", seed)
    family = get_family(parsed.brief.family)
    briefs = [parsed, *(parsed_brief(b, family.name, seed) for b in variants)]
    if len(variants) > MAX_VARIANTS or any(b.brief.family != family.name for b in briefs):
        raise InputError(f"{len(variants)} variants; at most {MAX_VARIANTS}, all of family {family.name}")
    wish = Wish(n, view, style, palette, guidance, number_guidance, drag_guidance, steps, strength=strength)
    check_wish(wish, family)
    given = read_start(start, family)
    folder = prepare_folder(out)
    surrogate = surrogate_for(parsed.brief)
    artist = open_artist(
        model, family, progress, controlnet, lora,
        control=control, from_image=given is not None and strength < 1.0,
    )  # fmt: skip
    if variants and not isinstance(artist, Ours):
        raise InputError(f"{artist.name}: variants need our own concept model")
    if drag_guidance and not isinstance(artist, Ours) and not artist.numbers:
        raise InputError(f"{artist.name}: drag-guidance needs our own concept model")
    clock.lap("load")
    wish = begun(wish, given, family, artist, progress, _bare(locks))
    fixed = read_locks(locks, family, wish.start)
    options = choices_in(family.declaration, fixed)
    wish = replace(wish, locks={n: v for n, v in fixed.items() if n not in options})
    briefs = [replace(b, brief=with_options(b.brief, options, "lock")) for b in briefs]
    said = [spoken(b, family, artist.numbers, surrogate, wish.locks) for b in briefs]
    sheet: dict[int, Numbered] = {}
    put = onto(folder)

    def seen(base: int, variant: int, one: Sketch) -> None:
        number = base * len(briefs) + variant + 1  # each base sketch is followed by its variants
        put(number, one)
        sheet[number] = Numbered(number, one, briefs[variant], said[variant].unknown, variant)

    drawn = artist.draw(said[0], wish, parsed.brief.seed, progress, lambda k, one: seen(k, 0, one))
    if variants and isinstance(artist, Ours):
        count = len(variants)
        artist.again(
            drawn, said[1:], wish, parsed.brief.seed, progress,
            lambda k, one: seen(k // count, 1 + k % count, one),
        )  # fmt: skip
    clock.lap("sketches")
    ordered = [sheet[number] for number in sorted(sheet)]
    concepts = judged_concepts(
        ordered, artist.encoder, said[0].locks, surrogate, folder, progress, wish.start
    )
    clock.lap("bodies")
    result = SketchResult(
        concepts=tuple(concepts),
        unknown_words=tuple(dict.fromkeys(w for s in said for w in s.unknown)),
        understood=said[0].understood,
        sheet=folder / "sheet.png",
        page=folder / "sheet.html",
        steering=steering(said[0].numbers),
        locks=dict(said[0].locks) | named(family.declaration, options),
        model=artist.name,
        seed=parsed.brief.seed,
        out=folder,
        seconds=clock.laps,
    )
    write_sheets(result, briefs)
    clock.lap("sheet")
    result = replace(result, seconds=clock.total())
    write_json(result, folder / "sketch.json")
    return result


def restyle(
    picture: Path,
    design: Design | Path,
    out: Path,
    *,
    strength: float = 0.5,
    style: str = "",
    palette: str = "",
    view: str = "",
    seed: int = 0,
    model: str | Path | None = None,
    progress: Progress = silent,
) -> RestyleResult:
    """A design drawn in the manner of a sketch that `sketch` made.

    Args:
        picture: a concept's PNG; its drawing beside it gives hand, view, style and palette. Of any other
            picture only `style`, `palette` and `view` are known, and the design is drawn afresh.
        strength: how far the new drawing may leave the sketch's lines: 0 keeps them, 1 draws afresh.

    Raises:
        InputError: the picture or design cannot be read, a name that is not known. ModelError: no model.
    """
    clock = Clock()
    wish = Wish(1, view, style, palette, strength=strength)
    chosen = complete_design(design)
    family = get_family(chosen.family)
    check_wish(wish, family)
    place = Path(picture)
    open_picture(place)
    folder = prepare_folder(out)
    artist = open_artist(model, family, progress)
    clock.lap("load")
    if not isinstance(artist, Ours):
        raise InputError(f"{artist.name}: restyling needs our own concept model")
    drawn = redrawn(artist.pipe, chosen.parameters, read_drawing(place, family), wish, seed, progress)
    image = folder / "restyled.png"
    write_sketch(image, drawn)
    found = agreement_of(drawn.picture, family, chosen.parameters, drawn.view)
    clock.lap("drawing")
    result = RestyleResult(
        image, chosen, found, drawn.view, drawn.style, drawn.palette, artist.name, folder, clock.total()
    )
    write_json(result, folder / "restyle.json")
    return result


# -- what the verbs share ------------------------------------------------------------------------------


def read_locks(
    locks: Mapping[str, float | str] | Sequence[str], family: Family, start: Mapping[str, float] | None
) -> dict[str, float]:
    """Exact values by name, from numbers, ``2850 mm``, ``wheelbase=2850 mm`` or the bare name of a parameter
    that `start` has; options (``grille=closed``) as places.

    Raises:
        InputError: naming the lock.
    """
    from ...constraints.requirements.choosing import is_choice, option_of
    from ...constraints.requirements.quantity import get_quantity
    from ...constraints.requirements.units import parse_value

    pairs: list[tuple[str, Any]] = []
    if isinstance(locks, Mapping):
        pairs = list(locks.items())
    else:
        for text in locks:
            name, sign, value = str(text).partition("=")
            pairs.append((name.strip(), value.strip() if sign else None))
    found: dict[str, float] = {}
    for name, raw in pairs:
        if is_choice(family, name):
            if raw is None and name not in (start or {}):
                raise InputError(f"lock {name}: give an option ({name}=...), or a start that has one")
            kept = (start or {}).get(name) if raw is None else raw
            found[name] = option_of(family, name, kept, f"lock {name}")[1]
            continue
        quantity = get_quantity(family, name)
        if raw is None:
            known = {**(start or {}), **(family.measures_of(start, [quantity.name]) if start else {})}
            if quantity.name not in known:
                raise InputError(f"lock {name}: give a value ({name}=...), or a start that has one")
            found[quantity.name] = float(known[quantity.name])
        else:
            found[quantity.name] = parse_value(raw, quantity, f"lock {name}")
    return found


def read_start(start: Design | Path | None, family: Family) -> Mapping[str, float] | Any | None:
    """Parameters of a design, or the picture in a file, read before anything long begins.

    Raises:
        InputError: cannot be read, or of another family.
    """
    if start is None:
        return None
    if not isinstance(start, Design) and Path(start).suffix.lower() in PICTURES:
        return open_picture(Path(start))[0]
    chosen = complete_design(start)
    if chosen.family != family.name:
        raise InputError(f"start is a {chosen.family}, the brief is about a {family.name}")
    return dict(chosen.parameters)


def begun(
    wish: Wish, given: Any, family: Family, artist: Ours | Foreign, progress: Progress, needed: bool = False
) -> Wish:
    """The wish with what :func:`read_start` read; a picture's body is read here.

    A diffusers model without ControlNet can start from a picture that no body can be read from, unless a body
    is `needed`.

    Raises:
        InputError: the picture shows nothing that can be read.
    """
    if given is None or isinstance(given, Mapping):
        return wish if given is None else replace(wish, start=dict(given))
    from ...design.concepts.fit.body import body_from_image

    view = None if isinstance(artist, Ours) else wish.view or None
    progress("start", 0.0)
    try:
        read = body_from_image(given, family.name, encoder=artist.encoder, view=view, source="start")
    except InputError:
        if needed or isinstance(artist, Ours) or artist.follows:
            raise
        return replace(wish, picture=given)
    finally:
        progress("start", 1.0)
    return replace(wish, start=dict(read.values), picture=given, read=read)


def _bare(locks: Mapping[str, float | str] | Sequence[str]) -> bool:
    """Whether a lock is to keep the start's own value."""
    return not isinstance(locks, Mapping) and any("=" not in str(text) for text in locks)
