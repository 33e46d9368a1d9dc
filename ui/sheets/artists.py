"""Who draws: our own concept model, or any diffusers model in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...design.errors import InputError, ModelError
from ...design.family.contract import Family
from ..progress import Progress, within
from ..workbench import Workbench
from .sketching import LEAVING, Seen, Sketch, Wish, call, draw, looks_of, unseen
from .words import Spoken

if TYPE_CHECKING:
    from PIL.Image import Image

    from ...design.concepts.hub.model import HubModel

Values = Mapping[str, float]

#: what a foreign model is told beside the brief's words, so that a body can be read from its picture
FOREIGN = "{words}, {style} design sketch of one {noun}, {view} view, plain white background"
FOREIGN_VIEWS = {"side": "exact side", "three_quarter": "front three-quarter"}
#: up to this strength a picture shows its start's body where that lay: the reading begins there
NEAR = 0.6
FOREIGN_STYLES = {"ink": "black ink line", "marker": "marker", "soft": "soft pencil shading"}


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
    def vocabulary(self) -> tuple[str, ...] | None:
        """The words that the model has learned."""
        words: tuple[str, ...] = self.pipe.tokenizer.vocabulary
        return words

    @property
    def encoder(self) -> Any:
        """The network that reads bodies."""
        return self.pipe.encoder

    def draw(
        self, said: Spoken, wish: Wish, seed: int, progress: Progress, seen: Seen = unseen
    ) -> list[Sketch]:
        """`wish.n` sketches of one brief."""
        return draw(self.pipe, said, wish, seed, progress, seen=seen)

    def again(
        self,
        base: Sequence[Sketch],
        said: Sequence[Spoken],
        wish: Wish,
        seed: int,
        progress: Progress,
        seen: Seen = unseen,
    ) -> list[Sketch]:
        """Every base sketch once more for each of the briefs: same noise, other numbers; base by base."""
        found: list[Sketch] = []
        view, _, palette = looks_of(wish, said[0], 1, self.pipe.family)
        for k, one in enumerate(base):
            part = within(progress, k / len(base), (k + 1) / len(base))
            made = call(
                self.pipe, said, [one.style] * len(said), view, palette, wish, seed + k, part, "variants",
                same_noise=True, options=[one.options or {}] * len(said), concept=dict(one.meant or {}),
                strength=wish.strength**LEAVING,
            )  # fmt: skip
            for sketch in made:
                seen(len(found), sketch)
                found.append(sketch)
        return found


@dataclass(frozen=True)
class Foreign:
    """A diffusers model from a folder or the hub; a ControlNet makes it follow bodies that our prior draws.

    Attributes:
        model: the loaded model. pipe: our own one for bodies and their reading, None where it is absent.
        control: what a ControlNet is shown of a body, one of `hub_control.CONTROLS`.
    """

    model: HubModel
    pipe: Any
    family: Family
    name: str
    control: str

    @property
    def follows(self) -> bool:
        """It has a ControlNet."""
        return self.model.controlnet is not None

    @property
    def numbers(self) -> tuple[str, ...]:
        """Quantities that steer the drawing, through the bodies that a ControlNet follows."""
        return tuple(self.pipe.numbers.names) if self.follows and self.pipe is not None else ()

    @property
    def vocabulary(self) -> tuple[str, ...] | None:
        """It takes any words."""
        return None

    @property
    def encoder(self) -> Any:
        """The network that reads bodies."""
        return None if self.pipe is None else self.pipe.encoder

    def draw(
        self, said: Spoken, wish: Wish, seed: int, progress: Progress, seen: Seen = unseen
    ) -> list[Sketch]:
        """`wish.n` pictures from words, or from the start's picture or drawing; a ControlNet's bodies too."""
        from ...design.concepts.hub.model import schedule

        if wish.read is not None and not wish.view:
            wish = replace(wish, view=wish.read.view)
        view, styles, palette = looks_of(wish, said, wish.n, self.family)
        wish = replace(wish, view=view)
        begins = [None] * wish.n if wish.strength == 1.0 else self._begins(said, wish, styles, palette)
        bodies = self._bodies(said, wish, seed, progress)
        _, steps = schedule(wish.steps, 1.0 if begins[0] is None else wish.strength)
        if steps:
            progress("weights", 0.0)
            self.model.load(self.family.frame.picture, steps, None, self.follows, wish.n)
            progress("weights", 1.0)
        progress("sketches", 0.0)
        found: list[Sketch] = []
        for k, (style, begin, body) in enumerate(zip(styles, begins, bodies, strict=True)):
            picture = self.model.sketch(
                _prompt(said, style, view, self.family.noun),
                size=self.family.frame.picture,
                seed=seed + k,
                steps=wish.steps,
                image=begin,
                strength=wish.strength,
                control=self._control(body, view),
                callback=_report(progress, k, wish.n),
            )[0]
            found.append(self._sketched(picture, body, wish, style))
            seen(k, found[-1])
        progress("sketches", 1.0)
        return found

    def _sketched(self, picture: Image, body: Values | None, wish: Wish, style: str) -> Sketch:
        """The picture with what is known of it: where it lies, and the body that its reading begins with."""
        near = wish.start is not None and wish.strength <= NEAR
        framed = body is not None or (near and wish.picture is None)
        if body is None and (near or self.encoder is None) and wish.strength < 1.0:
            body = wish.start
        view = "" if body is None else wish.view
        return Sketch(
            picture, None, body, view, style, "", self.family.frame.mm_per_pixel if framed else None
        )

    def _begins(
        self, said: Spoken, wish: Wish, styles: Sequence[str], palette: str
    ) -> Sequence[Image | None]:
        """What each picture starts from: the picture that was given, or the design's drawing in its style."""
        if wish.picture is not None:
            if not self.follows or wish.read is None:
                return [wish.picture] * wish.n
            from ...design.concepts.hub.control import laid_over

            read = wish.read
            parts, frame = self.family.mesh(read.values), self.family.frame
            return [laid_over(wish.picture, parts, frame, read.view, read.mm_per_px, read.mirrored)] * wish.n
        if wish.start is None:
            return [None] * wish.n
        from PIL import Image

        from ...design.concepts.artist.draw import draw_many
        from ...design.concepts.artist.palettes import compose

        parts = self.family.mesh(self._held(wish.start, said.locks))
        drawn = draw_many(parts, self.family.frame, [(wish.view, style, k) for k, style in enumerate(styles)])
        return [Image.fromarray(compose(d.ink, d.paint, palette)) for d in drawn]

    def _bodies(self, said: Spoken, wish: Wish, seed: int, progress: Progress) -> Sequence[Values | None]:
        """The bodies that a ControlNet follows: our prior's, or without it the one to start from."""
        if not self.follows:
            return [None] * wish.n
        if self.pipe is not None:
            return [s.meant for s in draw(self.pipe, said, wish, seed, progress, "bodies to follow")]
        if wish.start is None:
            raise ModelError(
                f"{self.name}: a ControlNet follows bodies, and our own concept model, which proposes them, "
                "is absent; give a body with --start DESIGN"
            )
        return [self._held(wish.start, said.locks)] * wish.n

    def _held(self, start: Values, locks: Values) -> dict[str, float]:
        """The start with its locks in place."""
        names = {p.name for p in self.family.parameters}
        return self.family.accept({**start, **{n: v for n, v in locks.items() if n in names}})

    def _control(self, body: Values | None, view: str) -> Image | None:
        from ...design.concepts.hub.control import control_picture

        if body is None:
            return None
        return control_picture(self.family.mesh(body), self.family.frame, view, self.control)


def open_artist(
    model: str | Path | None,
    product: Workbench,
    progress: Progress,
    controlnet: str | Path | None = None,
    lora: str | Path | None = None,
    say: Callable[[str], None] | None = None,
    *,
    control: str = "",
    from_image: bool = False,
) -> Ours | Foreign:
    """Load what draws a product.

    Args:
        model: a folder or id; the product's own model when None.
        control: what a ControlNet is shown, one of `hub_control.CONTROLS`; lines when "".
        from_image: a diffusers model is to start from a picture.

    Raises:
        InputError: not a model folder or id. ModelError: absent or damaged. MissingComponentError: an extra
            or weights are missing.
    """
    from ...design.concepts.generate.loading import INDEX, load_concepts
    from ...design.concepts.hub.folder import is_ours

    progress("model", 0.0)
    if model is None or is_ours(model):
        if controlnet is not None or lora is not None or control:
            raise InputError(
                "--controlnet, --control and --lora belong to a diffusers model; name it with --model"
            )
        place = product.concepts_folder if model is None else Path(model)
        pipe = product.concepts if model is None else load_concepts(product.family, place)
        found: Ours | Foreign = Ours(pipe, place.name if (place / INDEX).is_file() else "artist")
    else:
        from ...design.concepts.hub.control import CONTROLS
        from ...design.concepts.hub.model import load_model

        if control and control not in CONTROLS:
            raise InputError(f"control {control!r} is not known; choose from {', '.join(CONTROLS)}")
        kind = "image-to-image" if from_image else "auto"
        foreign = load_model(model, kind, lora, controlnet, say=say or _say)
        if control and foreign.controlnet is None:
            raise InputError(f"--control {control}: {model} has no ControlNet; name one with --controlnet")
        own = product.concepts if product.draws else None
        found = Foreign(foreign, own, product.family, str(model), control or CONTROLS[0])
    progress("model", 1.0)
    return found


def _report(progress: Progress, picture: int, pictures: int) -> Callable[[int, int, int], None]:
    return lambda _, step, steps: progress("sketches", (picture + step / steps) / pictures)


def _say(line: str) -> None:
    import sys

    sys.stderr.write(f"{line}\n")


def _prompt(said: Spoken, style: str, view: str, noun: str) -> str:
    """The brief's words for a model that reads English itself."""
    words = said.prompt.strip()[:400] or noun
    seen = FOREIGN_VIEWS.get(view, view.replace("_", " "))
    return FOREIGN.format(words=words, style=FOREIGN_STYLES[style], noun=noun, view=seen)
