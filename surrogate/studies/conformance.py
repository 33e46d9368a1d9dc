"""The contract that every study keeps, ours and those from outside, as runnable checks.

In a test of an outside study::

    from maquette.surrogate.studies.conformance import check_study

    def test_contract():
        check_study(Fatigue(), [Kayak()])

What a check finds is raised as a :class:`~maquette.design.family.conformance_subjects.ContractError`.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Callable, Sequence
from itertools import islice, pairwise

from ...design.errors import InputError
from ...design.family.conformance_declaration import UNITS
from ...design.family.conformance_subjects import ContractError
from ...design.family.contract import Family
from ...design.family.sampling import draws
from ...design.language.blocks import phrases
from .contract import Study
from .record import Observation

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
#: times its own noise that an output of the same run may differ by from one time to the next
REPEATS = 6.0


def check_study(study: Study, families: Sequence[Family]) -> None:
    """The declaration, then on a design of each family: what is missing, and runs at every fidelity.

    Raises:
        ContractError: at the first claim that does not hold.
    """
    for check in DECLARATION:
        check(study)
    study.require()
    for family in families:
        measures_are_its_outputs(study, family)
        runs_are_whole_and_repeat(study, family)


def names_are_sound(study: Study) -> None:
    """Numbers have one name each, a unit that is known, a doc, and bounds in order."""
    numbers = (*study.outputs, *study.products)
    names = [n.name for n in numbers]
    _require(study, len(set(names)) == len(names), f"a number is declared twice: {names}")
    for n in numbers:
        _require(study, _NAME.fullmatch(n.name) is not None, f"{n.name!r} is no lower case name")
        _require(study, n.unit in UNITS, f"{n.name}: unit {n.unit!r} is not one of {sorted(UNITS)}")
        _require(study, bool(n.doc.strip()), f"{n.name} has no doc")
        ordered = math.isfinite(n.low) and math.isfinite(n.high) and n.low < n.high
        _require(study, ordered, f"{n.name}: bounds {n.low} to {n.high}")
    for output in study.outputs:
        low, high = output.axis
        _require(study, low < high, f"{output.name}: axis {low} to {high}")
    _require(study, bool(study.learned), "no output is learned")
    _require(study, study.headline.better != "", f"nobody knows which way {study.headline.name} is better")


def products_name_outputs(study: Study) -> None:
    """A product's factor is a learned output."""
    learned = {o.name for o in study.learned}
    for p in study.products:
        _require(study, p.output in learned, f"{p.name} is a product of {p.output!r}, which is not learned")


def fidelities_go_from_cheap_to_dear(study: Study) -> None:
    """There is one, names are unique, costs rise, and another name is refused in one line."""
    names = [f.name for f in study.fidelities]
    _require(study, bool(names) and len(set(names)) == len(names), f"fidelities are {names}")
    dearer = all(a.seconds <= b.seconds for a, b in pairwise(study.fidelities))
    _require(study, dearer, f"{names} do not go from cheap to dear")
    try:
        study.check_fidelity("no such one")
    except InputError as error:
        _require(study, all(n in error.message for n in names), f"the refusal names not all of {names}")
    else:
        raise ContractError(f"study {study.name}: an unknown fidelity is accepted")


def words_speak_of_its_numbers(study: Study) -> None:
    """Synonyms, better ends and superlatives name what the study gives."""
    known = {n.name for n in (*study.outputs, *study.products)}
    words = study.words
    named = {*words.synonyms, *(q for _, q in words.superlatives), *words.alternates.values()}
    named |= {q for block in words.better.values() for q in phrases(block)}
    _require(study, named <= known, f"words for {sorted(named - known)}, which it does not give")
    _require(study, bool(study.recipe), "its recipe has no name")


DECLARATION: tuple[Callable[[Study], None], ...] = (
    names_are_sound,
    products_name_outputs,
    fidelities_go_from_cheap_to_dear,
    words_speak_of_its_numbers,
)


def measures_are_its_outputs(study: Study, family: Family) -> None:
    """A family that measures an output itself gives what the cheapest run gives; no product is measured."""
    measured = {m.name for m in family.measure_list}
    for product in study.products_of(family):
        _require(study, product.name not in measured, f"{family.name} measures {product.name} already")
    outputs = [o for o in study.learned if o.name in measured]
    if not outputs:
        return
    values = next(d.values for d in draws(family, 1) if not d.broken)
    found = family.measures(values)
    run = study.observe(family, values, study.levels[0])
    for output in outputs:
        apart = abs(found[output.name] - run.outputs[output.name])
        allowed = REPEATS * run.noise[output.name] + 1e-6 * abs(run.outputs[output.name])
        told = f"{found[output.name]:g}, a run as {run.outputs[output.name]:g}"
        _require(study, apart <= allowed, f"{family.name} measures {output.name} as {told}")


def runs_are_whole_and_repeat(study: Study, family: Family) -> None:
    """Every fidelity gives every output with its noise, and the same again within that noise."""
    accepted = (d.values for d in islice(draws(family, 1), 2000) if not d.broken)
    for values in islice(accepted, 2):
        for fidelity in study.levels:
            first, again = (study.observe(family, values, fidelity) for _ in range(2))
            _whole(study, family, first, fidelity)
            if not (first.converged and again.converged):
                continue
            for output in study.learned:
                apart = abs(first.outputs[output.name] - again.outputs[output.name])
                noise = math.hypot(first.noise[output.name], again.noise[output.name])
                _require(
                    study,
                    apart <= REPEATS * noise + 1e-9 * abs(first.outputs[output.name]),
                    f"{fidelity}: {output.name} of one design differs by {apart:g}, its noise is {noise:g}",
                )


def _whole(study: Study, family: Family, run: Observation, fidelity: str) -> None:
    about = (run.study, run.family, run.fidelity, run.recipe)
    meant = (study.name, family.name, fidelity, study.recipe)
    _require(study, about == meant, f"the run says it is {about}, not {meant}")
    named = study.run_id(family.name, fidelity, run.parameters)
    _require(study, run.run_id == named, f"the run is called {run.run_id!r}, not {named!r}")
    _require(study, run.converged or bool(run.reason), f"{run.run_id} did not settle and says no reason")
    json.dumps(dataclasses.asdict(run))
    if not run.converged:
        return
    for output in study.outputs:
        value = run.outputs.get(output.name, math.nan)
        _require(study, output.low < value < output.high, f"{run.run_id}: {output.name} is {value}")
    for output in study.learned:
        noise = run.noise.get(output.name, math.nan)
        _require(study, math.isfinite(noise) and noise >= 0.0, f"{run.run_id}: its noise is {noise}")


def _require(study: Study, holds: bool, claim: str) -> None:
    if not holds:
        raise ContractError(f"study {study.name}: {claim}")
