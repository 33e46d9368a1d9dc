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
from ...design.messages import say, spelt
from ..inputs import complete_design, parsed_brief
from ..output import prepare_folder, write_json
from ..progress import Progress, silent
from ..results_concepts import RestyleResult, SketchResult
from ..sheets.artists import Foreign, Ours, open_artist
from ..sheets.bodies import Numbered, agreement_of, judged_concepts
from ..sheets.files import onto, open_picture, read_drawing, write_sheets, write_sketch
from ..sheets.request import SketchRequest
from ..sheets.sketching import Sketch, Wish, check_wish, redrawn
from ..sheets.words import Spoken, spoken, steering
from ..workbench import Workbench, at

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif")
MAX_VARIANTS = 6


def sketch(
    brief: str | Path | Brief | ParsedBrief,
    out: Path,
    request: SketchRequest | None = None,
    *,
    progress: Progress = silent,
    workbench: Workbench | None = None,
    **asked: Any,
) -> SketchResult:
    """A sheet of concept sketches for a brief, each with the body that it shows, judged by the brief.

    The numbers of the brief steer the drawing (with a margin inside each limit) and judge the body; its locks
    hold exactly. The same brief and seed give the same sheet.

    Args:
        request: how many, by what and how. asked: its fields by name, instead of it or on top of it:
            ``sketch(brief, out, n=4, style="ink")``. All are told at :class:`..sheets.request.SketchRequest`.
        workbench: of the brief's product, where one is open.

    Raises:
        InputError: the brief, a name or number that is not allowed, an unusable folder or picture.
        ModelError: no concept model, or a damaged one. MissingComponentError: weights that are not there.
    """
    clock = Clock()
    request = SketchRequest(**asked) if request is None else replace(request, **asked)
    parsed = parsed_brief(brief, "" if workbench is None else workbench.name, request.seed)
    product = at(parsed.brief.family, workbench)
    family = product.family
    briefs = _with_variants(parsed, request)
    check_wish(request.wish, family)
    given = read_start(request.start, family)
    folder = prepare_folder(out)
    task = product.assignment(parsed)
    artist = _artist(product, request, given is not None, progress)
    clock.lap("load")
    wish = begun(request.wish, given, family, artist, progress, _bare(request.locks))
    fixed = read_locks(request.locks, family, wish.start)
    options = choices_in(family.declaration, fixed)
    wish = replace(wish, locks={n: v for n, v in fixed.items() if n not in options})
    briefs = [replace(b, brief=with_options(b.brief, options, "lock")) for b in briefs]
    steers, words = artist.numbers, artist.vocabulary
    said = [spoken(b, family, steers, task.predictor, wish.locks, words) for b in briefs]
    sheet = _drawn(artist, said, briefs, wish, folder, progress)
    clock.lap("sketches")
    concepts = judged_concepts(sheet, artist.encoder, said[0].locks, task, folder, progress, wish.start)
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
    workbench: Workbench | None = None,
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
    chosen = complete_design(design, workbench)
    product = at(chosen.family, workbench)
    check_wish(wish, product.family)
    place = Path(picture)
    open_picture(place)
    folder = prepare_folder(out)
    artist = open_artist(model, product, progress)
    clock.lap("load")
    if not isinstance(artist, Ours):
        raise InputError(f"{artist.name}: restyling needs our own concept model")
    drawn = redrawn(artist.pipe, chosen.parameters, read_drawing(place, product.family), wish, seed, progress)
    image = folder / "restyled.png"
    write_sketch(image, drawn)
    found = agreement_of(drawn.picture, product.family, chosen.parameters, drawn.view)
    clock.lap("drawing")
    result = RestyleResult(
        image, chosen, found, drawn.view, drawn.style, drawn.palette, artist.name, folder, clock.total()
    )
    write_json(result, folder / "restyle.json")
    return result


# -- the steps of a sheet ------------------------------------------------------------------------------


def _with_variants(parsed: ParsedBrief, request: SketchRequest) -> list[ParsedBrief]:
    """The brief and its variants, all about one product."""
    family, variants = parsed.brief.family, request.variants
    briefs = [parsed, *(parsed_brief(b, family, request.seed) for b in variants)]
    if len(variants) > MAX_VARIANTS or any(b.brief.family != family for b in briefs):
        raise InputError(f"{len(variants)} variants; at most {MAX_VARIANTS}, all of family {family}")
    return briefs


def _artist(product: Workbench, request: SketchRequest, started: bool, progress: Progress) -> Ours | Foreign:
    """Who draws what is requested.

    Args:
        started: there is something to vary.
    """
    artist = open_artist(
        request.model, product, progress, request.controlnet, request.lora,
        control=request.control, from_image=started and request.strength < 1.0,
    )  # fmt: skip
    if request.variants and not isinstance(artist, Ours):
        raise InputError(f"{artist.name}: variants need our own concept model")
    if request.performance_guidance and not isinstance(artist, Ours) and not artist.numbers:
        raise InputError(f"{artist.name}: performance-guidance needs our own concept model")
    return artist


def _drawn(
    artist: Ours | Foreign,
    said: Sequence[Spoken],
    briefs: Sequence[ParsedBrief],
    wish: Wish,
    folder: Path,
    progress: Progress,
) -> list[Numbered]:
    """The sketches, a base one followed by its variants; each is written to `folder` when it is there."""
    sheet: dict[int, Numbered] = {}
    put, seed, count = onto(folder), briefs[0].brief.seed, len(briefs) - 1

    def seen(base: int, variant: int, one: Sketch) -> None:
        number = base * len(briefs) + variant + 1
        put(number, one)
        sheet[number] = Numbered(number, one, briefs[variant], said[variant].unknown, variant)

    drawn = artist.draw(said[0], wish, seed, progress, lambda k, one: seen(k, 0, one))
    if count and isinstance(artist, Ours):
        artist.again(
            drawn, said[1:], wish, seed, progress,
            lambda k, one: seen(k // count, 1 + k % count, one),
        )  # fmt: skip
    return [sheet[number] for number in sorted(sheet)]


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
            found[quantity.name] = quantity.typed(float(known[quantity.name]))
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
        raise InputError(
            say(
                "start is a {given}, the brief is about a {wanted}",
                given=spelt(chosen.family),
                wanted=spelt(family.name),
            )
        )
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
