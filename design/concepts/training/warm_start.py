"""Start a training from a model that was made for another declaration of the family's parameters.

A concept vector of the old declaration is an affine map of one of the declaration of now: z_old = M z + b. A
parameter whose range has changed is scaled and shifted; one that was dropped is held at its place, or follows
from others (:class:`...family.earlier.Held`); one that is new has a column of noughts. Folded into the
first layer of the drawer, the last of the encoder and both of the prior, the networks say of the same body
what they said before: exactly so for drawer and encoder. Words keep what they mean, by name. The prior's
input also carries noise, whose size in the old coordinates is not what it was trained for where a range has
changed; the training mends that.

A model of another family lends only what knows of drawings: how lines, tones and outlines look. What it knows
of bodies, words and numbers means nothing here and begins anew (:mod:`.lending`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ...arrays import FloatArray
from ...errors import InputError
from ...family.contract import Family
from ...family.earlier import Earlier, Held, find_earlier
from ...language.attributes import vocabulary_hash, vocabulary_of
from ...reading import read_json
from ..generate.loading import check_hashes
from .lending import family_of, lends

State = dict[str, Tensor]

#: of the usual peak rate, and the steps to reach it: the weights are near their place already
RATE, WARM_UP = 0.5, 60
#: log of the standard deviation of a number between -1 and 1 of which nothing is known
UNKNOWN = math.log(1.0 / math.sqrt(3.0))


@dataclass(frozen=True)
class Change:
    """What lies between two declarations: z_old = matrix @ z + shift.

    Attributes:
        matrix: (P_old, P); shift: (P_old,).
        kept: (old column, column) of every parameter that both have; of these alone the map has an inverse.
    """

    matrix: FloatArray
    shift: FloatArray
    kept: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Words:
    """Tokens in the order of a text encoder's embeddings, of the model before and of now."""

    then: Sequence[str]
    now: Sequence[str]


def change_since(family: Family, declaration_hash: str) -> Change:
    """The change from the declaration of that hash ("" for the one of now) to the one of now.

    Raises:
        InputError: the family never had it.
    """
    now = {p.name: p.range.ends for p in family.parameters}
    if declaration_hash in ("", family.declaration_hash):
        return between(now, now, {})
    before: Earlier | None = find_earlier(family.earlier, declaration_hash)
    if before is None:
        raise InputError(
            f"a model of declaration {declaration_hash[:16]} cannot start a training: family {family.name!r} "
            "lists no such earlier declaration"
        )
    whole = {p.name for p in family.parameters if p.range.whole}
    then = {n: (a - 0.5, b + 0.5) if n in whole else (a, b) for n, (a, b) in before.ranges.items()}
    return between(then, now, {name: before.held_by(name) for name in then if name not in now})


def between(
    then: Mapping[str, tuple[float, float]],
    now: Mapping[str, tuple[float, float]],
    held: Mapping[str, Held],
) -> Change:
    """The change between two tables of :attr:`Range.ends`; `held` says where dropped parameters stand."""
    column = {name: j for j, name in enumerate(now)}
    matrix, shift = np.zeros((len(then), len(now))), np.zeros(len(then))
    kept = []
    for i, (name, (low, high)) in enumerate(then.items()):
        # the value of now that it has, or its constant and slopes over parameters of now, in own units
        place = Held(0.0, {name: 1.0}) if name in now else held[name]
        width = high - low
        shift[i] = 2.0 * (place.constant - low) / width - 1.0
        for other, slope in place.slopes.items():
            from_low, from_high = now[other]
            matrix[i, column[other]] += slope * (from_high - from_low) / width
            shift[i] += slope * (from_high + from_low) / width
        if name in now:
            kept.append((i, column[name]))
    return Change(matrix, shift, tuple(kept))


def warm_start(
    networks: nn.ModuleDict, folder: Path, family: Family, progress: Callable[[str], None] = print
) -> tuple[str, ...]:
    """Give the networks the weights of the model in `folder`; the names of those that it has.

    Raises:
        InputError: the model is of no declaration that the family had, or of other shapes.
        ModelError: its files are damaged.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no model to start from")
    check_hashes(folder)
    found = []
    for name, network in networks.items():
        source = read_network(folder, name) if lends(folder, family, name) else None
        if source is None:
            progress(f"{name}: nothing in {folder} for it, starts from nothing")
            continue
        found.append(name)
        made_for = str(getattr(source.config, "declaration_hash", ""))
        if (told := family_of(folder)) not in ("", family.name):
            network.load_state_dict(lent_state(source, network))
            progress(f"{name}: starts from the pictures of {folder}, made for family {told!r}")
            continue
        hears = name == "text_encoder"
        words = Words(read_words(folder), vocabulary_of(family.lexicon)) if hears else None
        state = carried_state(source, network, change_since(family, made_for), words)
        _give(network, state, f"{folder}: its {name}")
        progress(f"{name}: starts from {folder}, made for declaration {made_for[:16] or 'of any kind'}")
    return tuple(found)


def lent_state(source: Any, network: Any) -> State:
    """The weights of `network`, with those of `source` wherever they are of the same shape; views by name."""
    given: State = source.state_dict()
    state: State = {
        key: given[key].clone() if key in given and given[key].shape == own.shape else own.clone()
        for key, own in network.state_dict().items()
        if key != "view.weight"
    }
    if "view.weight" in given:
        rows = network.state_dict()["view.weight"].clone()
        for place, view in enumerate(network.config.views):
            if view in source.config.views:
                rows[place] = given["view.weight"][list(source.config.views).index(view)]
        state["view.weight"] = rows
    return state


def read_network(folder: Path, name: str) -> Any:
    """A component of a model's folder in float32, or None where it has none."""
    from .export import COMPONENTS

    if not (folder / name / "config.json").is_file():
        return None
    kind: Any = COMPONENTS[name][0]
    try:
        return kind.from_pretrained(str(folder / name), local_files_only=True).float().eval()
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder / name}: no usable weights ({' '.join(str(error).split())[:160]})"
        ) from error


def read_words(folder: Path) -> tuple[str, ...]:
    """The words that a model's text encoder was trained for, as its tokenizer lists them, if it has one."""
    path = folder / "tokenizer" / "tokenizer_config.json"
    told = read_json(path) if path.is_file() else {}
    words = told.get("vocabulary", ()) if isinstance(told, dict) else ()
    return tuple(map(str, words))


def carried_state(source: Any, network: Any, change: Change, words: Words | None = None) -> State:
    """The weights of `source` for `network`, which sees and says concept vectors of now.

    Args:
        words: of a text encoder; needed where they have changed since.
    """
    from ..networks.networks import ConceptDrawer, ConceptEncoder, ConceptPrior, ConceptTextEncoder

    state: State = {key: value.clone() for key, value in source.state_dict().items()}
    if isinstance(source, ConceptTextEncoder):
        if source.config.vocabulary_hash != network.config.vocabulary_hash:
            _hears_words(state, source, network, words or Words((), ()))
    elif isinstance(source, ConceptDrawer):
        _reads_concepts(state, "concept.0", change)
        _reads_options(state, "concept.0", source.config, network.config)
    elif isinstance(source, ConceptPrior):
        _reads_concepts(state, "into", change)
        _says_concepts(state, "out", change)
        _reads_numbers(state, "numbers.0", source.config, network.config)
    elif isinstance(source, ConceptEncoder):
        _says_concepts(state, "out", change, sigma=True)
    then, now = (getattr(n.config, "size", None) for n in (source, network))
    same = then is None or tuple(then) == tuple(now or ())
    return state if same else _for_another_size(state, network)


def _for_another_size(state: State, network: Any) -> State:
    """Of pictures in another size: the places of a drawer's patches, and what an encoder makes of the places
    of its last picture, begin anew."""
    begun = ("positions", "head.0.weight")
    return {key: own.clone() if key in begun else state[key] for key, own in network.state_dict().items()}


def _hears_words(state: State, source: Any, network: Any, words: Words) -> None:
    """Each word keeps its meaning, wherever it stands now; new ones begin as the network has them."""
    known = vocabulary_hash(words.then) == source.config.vocabulary_hash
    if not known or vocabulary_hash(words.now) != network.config.vocabulary_hash:
        raise InputError("a text encoder of unknown words cannot start a training")
    place, old = {word: i for i, word in enumerate(words.then)}, state["embedding.weight"]
    rows = [
        old[place[word]] if word in place else row
        for word, row in zip(words.now, network.state_dict()["embedding.weight"], strict=True)
    ]
    state["embedding.weight"] = torch.stack(rows)


def _reads_concepts(state: State, layer: str, change: Change) -> None:
    """A linear layer over z_old, and perhaps options after it, becomes the same over z."""
    p_old = len(change.shift)
    whole = state[f"{layer}.weight"].double()
    weight, beside = whole[:, :p_old], whole[:, p_old:]
    bias = state[f"{layer}.bias"].double() + weight @ torch.from_numpy(change.shift)
    state[f"{layer}.weight"] = torch.cat([weight @ torch.from_numpy(change.matrix), beside], dim=1).float()
    state[f"{layer}.bias"] = bias.float()


def _reads_options(state: State, layer: str, then: Any, now: Any) -> None:
    """Each option keeps its column, wherever it stands now; one that the drawer did not know has noughts."""
    old, new = list(then.get("option_names", ())), list(now.get("option_names", ()))
    if list(then.options) == list(now.options) and not (old and new):
        return  # a drawer that was made before the names were written down
    if sum(then.options) != len(old):
        raise InputError(
            f"a drawer of {list(then.options)} unnamed options cannot start one of {list(now.options)}"
        )
    weight = state[f"{layer}.weight"]
    first = weight.shape[1] - len(old)
    found = torch.zeros(len(weight), len(new))
    for column, name in enumerate(new):
        if name in old:
            found[:, column] = weight[:, first + old.index(name)]
    state[f"{layer}.weight"] = torch.cat([weight[:, :first], found], dim=1)


def _says_concepts(state: State, layer: str, change: Change, sigma: bool = False) -> None:
    """A linear layer whose first rows are z_old (and, with `sigma`, the next its log deviation) says z."""
    weight, bias = state[f"{layer}.weight"].double(), state[f"{layer}.bias"].double()
    p_old, p = change.matrix.shape
    blocks = 2 if sigma else 1
    rows, biases = torch.zeros(blocks * p, weight.shape[1]).double(), torch.zeros(blocks * p).double()
    if sigma:
        biases[p:] = UNKNOWN
    for i, j in change.kept:
        scale, shift = float(change.matrix[i, j]), float(change.shift[i])
        rows[j], biases[j] = weight[i] / scale, (bias[i] - shift) / scale
        if sigma:
            rows[p + j], biases[p + j] = weight[p_old + i], bias[p_old + i] - math.log(scale)
    state[f"{layer}.weight"] = torch.cat([rows, weight[blocks * p_old :]]).float()
    state[f"{layer}.bias"] = torch.cat([biases, bias[blocks * p_old :]]).float()


def _reads_numbers(state: State, layer: str, then: Any, now: Any) -> None:
    """A linear layer over asked numbers (scaled, nought where absent) and whether they are there, for other
    names, means and scales: what is scaled anew is shifted only where the number is there."""
    weight = state[f"{layer}.weight"].double()
    old, new = list(then.number_names), list(now.number_names)
    found = torch.zeros(weight.shape[0], 2 * len(new)).double()
    for j, name in enumerate(new):
        if name not in old:
            continue
        i = old.index(name)
        ratio = now.number_scales[j] / then.number_scales[i]
        shift = (now.number_means[j] - then.number_means[i]) / then.number_scales[i]
        found[:, j] = weight[:, i] * ratio
        found[:, len(new) + j] = weight[:, len(old) + i] + weight[:, i] * shift
    state[f"{layer}.weight"] = found.float()


def _give(network: Any, state: State, what: str) -> None:
    """Load the weights, or say in one line which tensor does not fit."""
    wanted: Mapping[str, Tensor] = network.state_dict()
    odd: Sequence[str] = sorted(
        key
        for key in {*wanted, *state}
        if key not in wanted or key not in state or wanted[key].shape != state[key].shape
    )
    if odd:
        shapes = [str(tuple(s[odd[0]].shape)) if odd[0] in s else "none" for s in (state, wanted)]
        raise InputError(f"{what} has other shapes: {odd[0]} is {shapes[0]}, now {shapes[1]}")
    network.load_state_dict(state)
