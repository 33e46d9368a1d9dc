"""What steers a concept vector while it is sampled: words, numbers, and performance.

Each is a switch of its own with a strength. Words and numbers are classifier-free guidance (Ho and Salimans
2022, arXiv 2207.12598) with the two conditions nested as in InstructPix2Pix (Brooks et al. 2023, arXiv
2211.09800); performance tilts the distribution by its gradient at the predicted clean vector. Importing this
module loads torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ...errors import InputError

#: variance of a concept coordinate before anything is known of it: uniform over [-1, 1]
COORDINATE_VARIANCE = 1.0 / 3.0


@dataclass(frozen=True)
class Conditions:
    """What n concepts are asked to be.

    Attributes:
        text: (n, W) encoded words; no_text: (1, W) the encoder's answer to no words.
        numbers: (n, K) asked values in the family's units; present: (n, K), 1 where one is asked.
        worded: any of the n has words.
    """

    text: Tensor
    no_text: Tensor
    numbers: Tensor
    present: Tensor
    worded: bool

    def rows(self, index: Sequence[int]) -> Conditions:
        """Those of the concepts in `index`."""
        i = list(index)
        return Conditions(self.text[i], self.no_text, self.numbers[i], self.present[i], self.worded)


@dataclass(frozen=True)
class Response:
    """A number of a body's performance as a function that a gradient can flow through.

    Attributes:
        name: of the quantity. of: concept vectors (n, P) to (n,).
        unit: at strength 1, a body that is better by this much is made e times as likely.
        sign: 1.0 where less is better, -1.0 where more is.
    """

    name: str
    of: Callable[[Tensor], Tensor]
    unit: float
    sign: float = 1.0


@dataclass(frozen=True)
class Strengths:
    """How strongly each switch steers; 0 is off.

    Attributes:
        words, numbers: guidance scales; 1 is the plain conditional model, above 1 exaggerates.
        performance: of the gradient of `response`; see there.
        response: what performance is; None switches it off.
    """

    words: float = 3.0
    numbers: float = 2.0
    performance: float = 0.0
    response: Response | None = None


def guided_clean(prior: Any, z_t: Tensor, sigma: float, asked: Conditions, strengths: Strengths) -> Tensor:
    """Predicted clean concept vectors (n, P) in [-1, 1] at noise level `sigma` (1 noise, 0 clean).

    With x(w, n) the prior's prediction for words and numbers and "-" for none of them:
    x(-, -) + s_numbers [x(-, n) - x(-, -)] + s_words [x(w, n) - x(-, n)], then the shift towards performance.
    """
    branches = _branches(asked, strengths)
    texts, presences = [], []
    for _, words, numbers in branches:
        texts.append(asked.text if words else asked.no_text.expand_as(asked.text))
        presences.append(asked.present if numbers else torch.zeros_like(asked.present))
    count, n = len(branches), len(z_t)
    t = z_t.new_full((count * n,), 1.0 - sigma)
    predicted = prior(
        z_t.repeat(count, 1), t, torch.cat(texts), asked.numbers.repeat(count, 1), torch.cat(presences)
    )
    parts = predicted.float().view(count, n, -1)
    weights = parts.new_tensor([weight for weight, _, _ in branches])
    clean = torch.einsum("b,bnp->np", weights, parts).clamp(-1.0, 1.0)
    if strengths.response is None or strengths.performance == 0.0:
        return clean
    moved = performance_shift(strengths.response, clean, sigma, strengths.performance)
    return (clean + moved).clamp(-1.0, 1.0)


def _branches(asked: Conditions, strengths: Strengths) -> list[tuple[float, bool, bool]]:
    """(weight, with words, with numbers) of every evaluation that counts."""
    words, numbers = asked.worded, bool(asked.present.any())
    w, k = strengths.words, strengths.numbers
    if words and numbers:
        all_branches = [(1.0 - k, False, False), (k - w, False, True), (w, True, True)]
    elif words:
        all_branches = [(1.0 - w, False, False), (w, True, False)]
    elif numbers:
        all_branches = [(1.0 - k, False, False), (k, False, True)]
    else:
        all_branches = [(1.0, False, False)]
    return [branch for branch in all_branches if branch[0] != 0.0]


def performance_shift(response: Response, clean: Tensor, sigma: float, strength: float) -> Tensor:
    """How far performance moves predicted clean vectors (n, P) at noise level `sigma`.

    The mean of p(z | z_t) exp(-strength sign response(z) / unit) lies, to first order, at the old mean less
    the variance of z given z_t times the slope; the variance is that of a normal of COORDINATE_VARIANCE seen
    through z_t = (1 - sigma) z + sigma e.

    Raises:
        InputError: the callable's answer has the wrong shape or does not depend on z differentiably.
    """
    with torch.enable_grad():
        z = clean.detach().clone().requires_grad_(True)
        value = response.of(z)
        if not isinstance(value, Tensor) or value.shape != (len(z),):
            shape = tuple(value.shape) if isinstance(value, Tensor) else type(value).__name__
            raise InputError(
                f"{response.name} gave {shape} for {len(z)} concepts; a tensor of shape ({len(z)},) is needed"
            )
        if not value.requires_grad:
            raise InputError(f"{response.name} is not differentiable: its answer carries no gradient to z")
        (slope,) = torch.autograd.grad(value.sum(), z)
    v = COORDINATE_VARIANCE
    spread = v * sigma**2 / ((1.0 - sigma) ** 2 * v + sigma**2)
    return -strength * response.sign * spread / response.unit * torch.nan_to_num(slope, 0.0, 0.0, 0.0)
