"""Who draws: our own concept model, or any diffusers model in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ..design.errors import InputError, ModelError
from ..design.family import Family
from .concept_words import Spoken
from .progress import Progress
from .sketching import Sketch, Wish, call, draw, looks_of

if TYPE_CHECKING:
    from ..design.concepts.hub import HubModel

#: what a foreign model is told beside the brief's words, so that a body can be read from its picture
FOREIGN = "{words}, {style} design sketch of one car, {view} view, plain white background"
FOREIGN_VIEWS = {"side": "exact side", "three_quarter": "front three-quarter"}
FOREIGN_STYLES = {"ink": "black ink line", "marker": "marker", "soft": "soft pencil shading"}


class Artist(Protocol):
    """Something that draws concepts and has an encoder to read them.

    Attributes:
        name: for reports. numbers: quantities that steer it. encoder: reads bodies; None where there is none.
    """

    name: str
    numbers: tuple[str, ...]
    encoder: Any

    def draw(self, said: Spoken, wish: Wish, seed: int, progress: Progress) -> list[Sketch]:
        """`wish.n` sketches of one brief."""
        ...


@dataclass(frozen=True)
class Ours:
    """The shipped concept model, or one in its layout."""

    pipe: Any
    name: str

    @property
    def numbers(self) -> tuple[str, ...]:
        """Quantities that steer the drawing."""
        return tuple(self.pipe.numbers.names)

    @property
    def encoder(self) -> Any:
        """The network that reads bodies."""
        return self.pipe.encoder

    def draw(self, said: Spoken, wish: Wish, seed: int, progress: Progress) -> list[Sketch]:
        """`wish.n` sketches of one brief."""
        return draw(self.pipe, said, wish, seed, progress)

    def again(
        self,
        base: Sequence[Sketch],
        said: Sequence[Spoken],
        wish: Wish,
        seed: int,
        progress: Progress,
    ) -> list[Sketch]:
        """Every base sketch once more for each of the briefs: same noise, other numbers; base by base."""
        found: list[Sketch] = []
        view, _, palette = looks_of(wish, said[0], 1)
        for k, one in enumerate(base):
            found += call(
                self.pipe, said, [one.style] * len(said), view, palette, wish, seed + k, progress, "variants",
                same_noise=True, concept=dict(one.meant or {}), strength=wish.strength,
            )  # fmt: skip
        return found


@dataclass(frozen=True)
class Foreign:
    """A diffusers model from a folder or the hub; with a ControlNet it follows lines of bodies that we draw.

    Attributes:
        model: the loaded model. pipe: our own one for bodies and their reading, None where it is absent.
    """

    model: HubModel
    pipe: Any
    family: Family
    name: str
    numbers: tuple[str, ...] = ()

    @property
    def encoder(self) -> Any:
        """The network that reads bodies."""
        return None if self.pipe is None else self.pipe.encoder

    def draw(self, said: Spoken, wish: Wish, seed: int, progress: Progress) -> list[Sketch]:
        """`wish.n` pictures; with a ControlNet each follows a body that our own prior proposes."""
        from ..design.concepts.frame import FINE, MM_PER_PIXEL
        from ..design.concepts.hub_control import control_picture

        view, styles, _ = looks_of(wish, said, wish.n)
        bodies: list[Mapping[str, float] | None] = [None] * wish.n
        if self.model.controlnet is not None:
            if self.pipe is None:
                raise ModelError("a ControlNet needs our own concept model beside it for the bodies")
            bodies = [s.meant for s in draw(self.pipe, said, replace(wish, view=view), seed, progress)]
        words = _plain_words(said)
        found = []
        for k, (style, body) in enumerate(zip(styles, bodies, strict=True)):
            prompt = FOREIGN.format(words=words, style=FOREIGN_STYLES[style], view=FOREIGN_VIEWS[view])
            control = None
            if body is not None:
                control = control_picture(self.family.mesh(body), view, "lines")
            report = _report(progress, k, wish.n)
            steps = wish.steps
            picture = self.model.sketch(
                prompt, 1, FINE, seed=seed + k, steps=steps, control=control, callback=report
            )[0]
            scale = MM_PER_PIXEL if body is not None else None
            found.append(Sketch(picture, None, body, view if body else "", style, "", scale))
        progress("sketches", 1.0)
        return found


def open_artist(
    model: str | Path | None,
    family: Family,
    progress: Progress,
    controlnet: str | Path | None = None,
    lora: str | Path | None = None,
    say: Any = None,
) -> Ours | Foreign:
    """Load what draws.

    Raises:
        InputError: not a model folder or id. ModelError: absent or damaged. MissingComponentError: an extra
            or weights are missing.
    """
    from ..design.concepts.hub_folder import is_ours
    from ..design.concepts.loading import load_concepts, shipped_folder

    progress("model", 0.0)
    if model is None or is_ours(model):
        if controlnet is not None or lora is not None:
            raise InputError("--controlnet and --lora belong to a diffusers model; name it with --model")
        place = shipped_folder(family.name) if model is None else Path(model)
        found: Ours | Foreign = Ours(load_concepts(family, place), place.name)
    else:
        from ..design.concepts.hub import load_model

        foreign = load_model(model, lora=lora, controlnet=controlnet, say=say or _say)
        own = load_concepts(family) if (shipped_folder(family.name) / "model_index.json").is_file() else None
        found = Foreign(foreign, own, family, str(model))
    progress("model", 1.0)
    return found


def _report(progress: Progress, picture: int, pictures: int) -> Callable[[int, int, int], None]:
    return lambda _, step, steps: progress("sketches", (picture + step / steps) / pictures)


def _say(line: str) -> None:
    import sys

    sys.stderr.write(f"{line}\n")


def _plain_words(said: Spoken) -> str:
    """The brief's words for a model that reads English itself."""
    words = said.prompt.strip() or "car"
    return words[:400]
