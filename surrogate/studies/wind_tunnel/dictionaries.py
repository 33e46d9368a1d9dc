"""The text of every OpenFOAM dictionary of a case, as plain functions of plain numbers (SI units)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .openfoam import FINISH
from .pressure import sampling
from .recipe import AIR_DENSITY, AIR_VISCOSITY, INTENSITY, VISCOSITY_RATIO, Level, Numerics
from .tunnel import Box, Domain

C_MU = 0.09
STUCK = "type fixedValue; value uniform (0 0 0);"  # velocity on a wall that stands still

#: fields that each turbulence model has equations for
SOLVED_FOR = {
    "kOmegaSST": ("k", "omega"),
    "realizableKE": ("k", "epsilon"),
    "kEpsilon": ("k", "epsilon"),
    "SpalartAllmaras": ("nuTilda",),
}


@dataclass(frozen=True)
class Flow:
    """Speed (m/s) and what forces are referred to.

    Attributes:
        speed: of air and ground.
        half_area: reference area of the half model, m2.
        axles: x of front and rear axle, m; lift is split between them, moments taken on the ground.
    """

    speed: float
    half_area: float
    axles: tuple[float, float]

    @property
    def k(self) -> float:
        """Turbulent kinetic energy of the oncoming flow, m2/s2."""
        return 1.5 * (INTENSITY * self.speed) ** 2

    @property
    def omega(self) -> float:
        """Specific dissipation of the oncoming flow, 1/s."""
        return self.k / (VISCOSITY_RATIO * AIR_VISCOSITY)


def case_files(domain: Domain, level: Level, flow: Flow, model: str = "kOmegaSST") -> dict[str, str]:
    """Every file of a case but the body's surface and the stage's files, by path."""
    return {
        "system/blockMeshDict": block_mesh(domain),
        "system/surfaceFeatureExtractDict": features(),
        "system/snappyHexMeshDict": snappy(domain, level),
        "system/fvOptions": limits(flow),
        "system/mapFieldsDict": _file("mapFieldsDict", "patchMap ();\ncuttingPatches ();\n"),
        "constant/transportProperties": _file(
            "transportProperties", f"transportModel Newtonian;\nnu {AIR_VISCOSITY:g};\n"
        ),
        "constant/turbulenceProperties": _file(
            "turbulenceProperties",
            f"simulationType RAS;\nRAS {{ RASModel {model}; turbulence on; printCoeffs off; }}\n",
        ),
        **fields(flow, model),
    }


def stage_files(
    flow: Flow, numerics: Numerics, first: int, last: int, readable: bool = False
) -> dict[str, str]:
    """controlDict, fvSchemes and fvSolution of the iterations `first` to `last`; `readable` has its last
    fields written as text."""
    return {
        "system/controlDict": control(flow, first, last, "ascii" if readable else "binary"),
        "system/fvSchemes": schemes(numerics),
        "system/fvSolution": solution(numerics),
    }


def block_mesh(domain: Domain) -> str:
    """Cubes, the lowest row a block of its own; patches named for what they are."""
    (x0, y0, z0), (x1, y1, z1) = domain.low, domain.high
    nx, ny, nz = domain.cells
    heights = [z0, z0 + (z1 - z0) / nz, z1]
    floor = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    vertices = "\n".join(f"    {_vector((x, y, z))}" for z in heights for x, y in floor)
    blocks = "\n".join(
        f"    hex ({' '.join(str(4 * k + i) for i in range(8))}) ({nx} {ny} {layers}) simpleGrading (1 1 1)"
        for k, layers in enumerate((1, nz - 1))
    )
    sides = {  # the same four corners on the floor of either block
        "inlet": ("patch", "0 4 7 3"), "outlet": ("patch", "1 2 6 5"),
        "symmetry": ("symmetryPlane", "0 1 5 4"), "side": ("patch", "3 7 6 2"),
    }  # fmt: skip
    patches = {
        name: (kind, [" ".join(str(int(i) + up) for i in face.split()) for up in (0, 4)])
        for name, (kind, face) in sides.items()
    }
    patches |= {"top": ("patch", ["8 9 10 11"]), "ground": ("wall", ["0 3 2 1"])}
    boundary = "\n".join(
        f"    {name} {{ type {kind}; faces ({' '.join(f'({face})' for face in faces)}); }}"
        for name, (kind, faces) in patches.items()
    )
    return _file(
        "blockMeshDict",
        f"scale 1;\nvertices\n(\n{vertices}\n);\nblocks\n(\n{blocks}\n);\nedges ();\n"
        f"boundary\n(\n{boundary}\n);\n",
    )


def features() -> str:
    """Edges sharper than 35 degrees are kept by the mesh."""
    return _file(
        "surfaceFeatureExtractDict",
        "body.stl\n{\n    extractionMethod extractFromSurface;\n"
        "    extractFromSurfaceCoeffs { includedAngle 145; }\n"
        "    writeObj no;\n}\n",
    )


def snappy(domain: Domain, level: Level) -> str:
    """Cut cells refined to the body and in the boxes, snapped; no layers (wall functions)."""
    geometry = "\n".join(
        f"    {b.name} {{ type searchableBox; min {_vector(b.low)}; max {_vector(b.high)}; }}"
        for b in domain.boxes
    )
    regions = "\n".join(f"        {_region(b)}" for b in domain.boxes)
    if domain.hug:
        within = " ".join(f"({distance:.6g} {n})" for distance, n in domain.hug)
        regions += f"\n        body {{ mode distance; levels ({within}); }}"
    n = level.surface
    return _file(
        "snappyHexMeshDict",
        f"""castellatedMesh true;
snap true;
addLayers false;
geometry
{{
    body.stl {{ type triSurfaceMesh; name body; }}
{geometry}
}}
castellatedMeshControls
{{
    maxLocalCells 5000000;
    maxGlobalCells 10000000;
    minRefinementCells 0;
    nCellsBetweenLevels 2;
    features ( {{ file "body.eMesh"; level {n}; }} );
    refinementSurfaces {{ body {{ level ({n} {n}); patchInfo {{ type wall; }} }} }}
    resolveFeatureAngle 30;
    refinementRegions
    {{
{regions}
    }}
    locationInMesh {_vector(domain.inside)};
    allowFreeStandingZoneFaces false;
}}
snapControls
{{
    nSmoothPatch 3;
    tolerance 2.0;
    nSolveIter 30;
    nRelaxIter 5;
    nFeatureSnapIter 10;
    implicitFeatureSnap false;
    explicitFeatureSnap true;
    multiRegionFeatureSnap false;
}}
addLayersControls
{{
    relativeSizes true;
    layers {{}}
    expansionRatio 1;
    finalLayerThickness 0.3;
    minThickness 0.1;
}}
meshQualityControls
{{
    maxNonOrtho 65;
    maxBoundarySkewness 20;
    maxInternalSkewness 4;
    maxConcave 80;
    minVol 1e-15;
    minTetQuality 1e-15;
    minArea -1;
    minTwist 0.02;
    minDeterminant 0.001;
    minFaceWeight 0.05;
    minVolRatio 0.01;
    minTriangleTwist -1;
    nSmoothScale 4;
    errorReduction 0.75;
    relaxed {{ maxNonOrtho 70; }}
}}
mergeTolerance 1e-6;
""",
    )


def control(flow: Flow, first: int, last: int, form: str = "binary") -> str:
    """One stage of simpleFoam: forces of every iteration, fields and pressure on the body at the end."""
    front, rear = flow.axles
    return _file(
        "controlDict",
        f"""application simpleFoam;
startFrom latestTime;
startTime {first};
stopAt endTime;
endTime {last};
deltaT 1;
writeControl timeStep;
writeInterval {max(last - first, 1)};
purgeWrite 1;
writeFormat {form};
writePrecision 8;
timePrecision 8;
runTimeModifiable true;
OptimisationSwitches {{ stopAtWriteNowSignal {int(FINISH)}; }}
functions
{{
    forces
    {{
        type forceCoeffs;
        libs ("libforces.so");
        patches (body);
        rho rhoInf;
        rhoInf {AIR_DENSITY:g};
        magUInf {flow.speed:g};
        Aref {flow.half_area:.9g};
        lRef {rear - front:.9g};
        CofR {_vector((0.5 * (front + rear), 0.0, 0.0))};
        dragDir (1 0 0);
        liftDir (0 0 1);
        pitchAxis (0 1 0);
        writeControl timeStep;
        writeInterval 1;
        log true;
    }}
{sampling()}}}
""",
    )


def schemes(numerics: Numerics) -> str:
    """Steady."""
    return _file(
        "fvSchemes",
        f"""ddtSchemes {{ default steadyState; }}
gradSchemes
{{
    default Gauss linear;
    grad(U) {numerics.gradient};
}}
divSchemes
{{
    default none;
    div(phi,U) {numerics.convection};
    div(phi,k) {numerics.spread};
    div(phi,omega) {numerics.spread};
    div(phi,epsilon) {numerics.spread};
    div(phi,nuTilda) {numerics.spread};
    div((nuEff*dev2(T(grad(U))))) Gauss linear;
}}
laplacianSchemes {{ default Gauss linear limited 0.5; }}
interpolationSchemes {{ default linear; }}
snGradSchemes {{ default limited 0.5; }}
wallDist {{ method meshWave; }}
""",
    )


def solution(numerics: Numerics) -> str:
    """SIMPLE or SIMPLEC with fixed relaxation."""
    return _file(
        "fvSolution",
        f"""solvers
{{
    p
    {{
        solver GAMG;
        smoother GaussSeidel;
        tolerance 1e-9;
        relTol 0.05;
        nCellsInCoarsestLevel 50;
        maxIter 50;
    }}
    "(U|k|omega|epsilon|nuTilda)"
    {{
        solver smoothSolver;
        smoother symGaussSeidel;
        tolerance 1e-10;
        relTol 0.1;
        maxIter {numerics.sweeps};
    }}
}}
SIMPLE
{{
    consistent {"yes" if numerics.consistent else "no"};
    nNonOrthogonalCorrectors 0;
}}
relaxationFactors
{{
    fields {{ p {numerics.p:g}; }}
    equations {{ U {numerics.u:g}; "(k|omega|epsilon|nuTilda)" {numerics.turbulence:g}; }}
}}
cache {{ grad(U); }}
""",
    )


def limits(flow: Flow) -> str:
    """Speeds above four times the free stream are cut: nothing on these bodies reaches them when solved."""
    return _file(
        "fvOptions",
        f"limitU {{ type limitVelocity; active yes; selectionMode all; max {4.0 * flow.speed:g}; }}\n",
    )


def fields(flow: Flow, model: str = "kOmegaSST", slide: bool = False) -> dict[str, str]:
    """Start and boundary values of velocity, pressure, and what the turbulence model solves for; with `slide`
    the air slides along the body as if it had no friction."""
    u, nut = _vector((flow.speed, 0.0, 0.0)), f"{flow.k / flow.omega:.8g}"
    quantities = {
        "k": (flow.k, "[0 2 -2 0 0 0 0]", "kqRWallFunction"),
        "omega": (flow.omega, "[0 0 -1 0 0 0 0]", "omegaWallFunction"),
        "epsilon": (C_MU * flow.k * flow.omega, "[0 2 -3 0 0 0 0]", "epsilonWallFunction"),
        "nuTilda": (flow.k / flow.omega, "[0 2 -1 0 0 0 0]", ""),
    }
    wall_nut = "nutUSpaldingWallFunction" if model == "SpalartAllmaras" else "nutkWallFunction"
    slip = "type slip;"
    out = "type inletOutlet; inletValue uniform {v}; value uniform {v};"
    return {
        "0/U": _field("U", "Vector", "[0 1 -1 0 0 0 0]", u, {
            "inlet": f"type fixedValue; value uniform {u};",
            "outlet": out.format(v="(0 0 0)"),
            "ground": f"type fixedValue; value uniform {u};",
            "body": slip if slide else STUCK, "side": slip, "top": slip,
        }),
        "0/p": _field("p", "Scalar", "[0 2 -2 0 0 0 0]", "0", {
            "inlet": "type zeroGradient;", "outlet": "type fixedValue; value uniform 0;",
            "ground": "type zeroGradient;", "body": "type zeroGradient;", "side": slip, "top": slip,
        }),
        **{
            f"0/{name}": _turbulence(name, *quantities[name]) for name in SOLVED_FOR[model]
        },
        "0/nut": _field("nut", "Scalar", "[0 2 -1 0 0 0 0]", nut, {
            "inlet": "type calculated; value uniform 0;", "outlet": "type calculated; value uniform 0;",
            "ground": f"type {wall_nut}; value uniform 0;", "body": f"type {wall_nut}; value uniform 0;",
            "side": "type calculated; value uniform 0;", "top": "type calculated; value uniform 0;",
        }),
    }  # fmt: skip


def _turbulence(name: str, value: float, dimensions: str, wall: str) -> str:
    """A field of a turbulence model: the oncoming flow's value, a wall function (or 0) on ground and body."""
    v = f"{value:.8g}"
    solid = f"type {wall}; value uniform {v};" if wall else "type fixedValue; value uniform 0;"
    return _field(name, "Scalar", dimensions, v, {
        "inlet": f"type fixedValue; value uniform {v};",
        "outlet": f"type inletOutlet; inletValue uniform {v}; value uniform {v};",
        "ground": solid, "body": solid, "side": "type slip;", "top": "type slip;",
    })  # fmt: skip


def _field(name: str, kind: str, dimensions: str, start: str, patches: Mapping[str, str]) -> str:
    rows = "\n".join(f"    {patch} {{ {text} }}" for patch, text in patches.items())
    return _file(
        name,
        f"dimensions {dimensions};\ninternalField uniform {start};\nboundaryField\n{{\n"
        f"    symmetry {{ type symmetryPlane; }}\n{rows}\n}}\n",
        f"vol{kind}Field",
    )


def _region(box: Box) -> str:
    return f"{box.name} {{ mode inside; levels ((1e15 {box.level})); }}"


def _vector(v: tuple[float, float, float]) -> str:
    return "(" + " ".join(f"{c:.9g}" for c in v) + ")"


def _file(name: str, body: str, kind: str = "dictionary") -> str:
    return f"FoamFile {{ version 2.0; format ascii; class {kind}; object {name}; }}\n{body}"
