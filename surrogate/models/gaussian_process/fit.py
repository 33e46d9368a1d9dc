"""Fitting the Gaussian process: maximum a posteriori hyperparameters with gpytorch, in float64.

Imports torch and gpytorch (two seconds), so only training imports this module, and inside functions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import gpytorch
import numpy as np
import torch
from linear_operator.operators import DiagLinearOperator
from scipy.optimize import minimize

from ....design.arrays import FloatArray
from .kernel import KernelSpec, Prior, covariance, hyperparameters, variance
from .process import Posterior, Table, condition

#: steps of L-BFGS-B; it usually stops well before
MAX_STEPS = 120
#: hyperparameters stay within this many prior standard deviations of the prior's centre
REACH = 3.0
#: smallest noise variance on the standardised target: keeps the covariance well conditioned
NOISE_FLOOR = 1e-5


class LevelKernel(gpytorch.kernels.Kernel):  # type: ignore[misc]
    """:func:`maquette.surrogate.models.gaussian_process.kernel.covariance` as a gpytorch kernel with priors.

    Its input has the mesh level as the last column after the features.
    """

    def __init__(self, blocks: Mapping[str, Prior]) -> None:
        super().__init__()
        self.blocks = {k: b for k, b in blocks.items() if k != "noise"}
        for name, block in self.blocks.items():
            self.register_parameter(
                "raw_" + name, torch.nn.Parameter(torch.full((block.size,), block.mean).double())
            )
            self.register_prior(
                name + "_prior",
                gpytorch.priors.NormalPrior(
                    torch.tensor(block.mean).double(), torch.tensor(block.sd).double()
                ),
                "raw_" + name,
            )

    def natural(self) -> dict[str, torch.Tensor]:
        """Hyperparameters in natural units."""
        raw = {k: getattr(self, "raw_" + k) for k in self.blocks}
        return {k: v.exp() if self.blocks[k].log else v for k, v in raw.items()}

    def forward(self, x1: Any, x2: Any, diag: bool = False, **_: Any) -> Any:
        """Covariance (a x b), or its diagonal (a,)."""
        if diag:
            return variance(torch, self.natural(), x1[:, :-1], x1[:, -1])
        return covariance(torch, self.natural(), x1[:, :-1], x1[:, -1], x2[:, :-1], x2[:, -1])


class LevelNoise(gpytorch.likelihoods.noise_models.Noise):  # type: ignore[misc]
    """Known label noise of each run plus a learned variance per mesh level."""

    def __init__(self, known: torch.Tensor, level: torch.Tensor, prior: Prior) -> None:
        super().__init__()
        self.known, self.level, self.prior_block = known, level, prior
        self.register_parameter(
            "raw_noise", torch.nn.Parameter(torch.full((prior.size,), prior.mean).double())
        )
        self.register_prior(
            "noise_prior",
            gpytorch.priors.NormalPrior(torch.tensor(prior.mean).double(), torch.tensor(prior.sd).double()),
            "raw_noise",
        )

    def forward(self, *_: Any, **__: Any) -> Any:
        """Diagonal noise of the training runs."""
        return DiagLinearOperator(self.known + self.natural()[self.level] + 1e-8)

    def natural(self) -> torch.Tensor:
        """Learned variance per level."""
        natural: torch.Tensor = self.raw_noise.exp() + NOISE_FLOOR
        return natural


class LevelProcess(gpytorch.models.ExactGP):  # type: ignore[misc]
    """Exact process with zero mean on standardised targets."""

    def __init__(self, x: torch.Tensor, y: torch.Tensor, likelihood: Any, kernel: LevelKernel) -> None:
        super().__init__(x, y, likelihood)
        self.mean_module = gpytorch.means.ZeroMean()
        self.covar_module = kernel

    def forward(self, x: torch.Tensor) -> Any:
        """Prior at x (n x (p + 1))."""
        return gpytorch.distributions.MultivariateNormal(self.mean_module(x), self.covar_module(x))


def build(table: Table, spec: KernelSpec) -> tuple[LevelProcess, Any, torch.Tensor, float, float]:
    """The process, its marginal likelihood, its standardised target, and the standardisation."""
    mean = float(table.y[table.level == table.level.min()].mean())
    scale = float(table.y.std()) or 1.0
    blocks = hyperparameters(spec, table.x.shape[1], int(table.top) + 1)
    x = torch.from_numpy(np.column_stack([table.x, table.level]))
    y = torch.from_numpy((table.y - mean) / scale)
    known = torch.from_numpy((table.noise / scale) ** 2)
    noise = LevelNoise(known, torch.from_numpy(table.level).long(), blocks["noise"])
    likelihood = gpytorch.likelihoods.FixedNoiseGaussianLikelihood(torch.ones_like(known))
    likelihood.noise_covar = noise  # ours instead of the ones
    process = LevelProcess(x, y, likelihood, LevelKernel(blocks))
    return process, gpytorch.mlls.ExactMarginalLogLikelihood(likelihood, process), y, mean, scale


def fit(table: Table, spec: KernelSpec, restarts: int = 2) -> Posterior:
    """Most probable hyperparameters of `spec` for `table`, conditioned on it.

    Starts with all lengthscales at 0.4, then (restarts > 1) 1.5 and 0.15 of the unit cube's half diagonal
    direction sqrt(p); the best posterior density wins. Starting long finds only the linear trend.
    Deterministic: no random numbers.
    """
    best: tuple[float, dict[str, FloatArray]] | None = None
    mean, scale = 0.0, 1.0
    for start in range(restarts):
        process, mll, y, mean, scale = build(table, spec)
        with torch.no_grad():
            if "lengthscale" in process.covar_module.blocks:
                reach = (0.4, 1.5, 0.15)[start % 3] * math.sqrt(table.x.shape[1])
                process.covar_module.raw_lengthscale.fill_(math.log(reach))
        loss = _descend(process, mll, y)
        if best is None or loss < best[0]:
            found = {k: v.detach().numpy().copy() for k, v in process.covar_module.natural().items()}
            found["noise"] = process.likelihood.noise_covar.natural().detach().numpy().copy()
            best = loss, found
    assert best is not None  # noqa: S101 - restarts is at least 1
    return condition(best[1], table, mean, scale)


def _descend(process: LevelProcess, mll: Any, y: torch.Tensor) -> float:
    """Minimise the negative log posterior density by L-BFGS-B within bounds; leaves the best point set."""
    process.train()
    process.likelihood.train()
    parameters = list(process.parameters())
    kernel, noise = process.covar_module, process.likelihood.noise_covar
    bounds = []
    for name, _ in process.named_parameters():
        block = noise.prior_block if name.endswith("raw_noise") else kernel.blocks[name.rpartition("raw_")[2]]
        bounds += [(block.mean - REACH * block.sd, block.mean + REACH * block.sd)] * block.size

    def objective(vector: FloatArray) -> tuple[float, FloatArray]:
        torch.nn.utils.vector_to_parameters(torch.from_numpy(vector.copy()), parameters)
        process.zero_grad()
        loss = -mll(process(*process.train_inputs), y)
        loss.backward()
        gradient = np.concatenate([p.grad.numpy().ravel() for p in parameters])
        return float(loss.detach()), gradient

    with gpytorch.settings.fast_computations(False, False, False):
        start = torch.nn.utils.parameters_to_vector(parameters).detach().numpy()
        found = minimize(
            objective,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": MAX_STEPS, "ftol": 1e-6},
        )
    torch.nn.utils.vector_to_parameters(torch.from_numpy(found.x.copy()), parameters)
    return float(found.fun)
