"""What FRAMED's finite element results are, as far as public sources tell.

Sources: L. Regenwetter, C. Weaver, F. Ahmed, "FRAMED: An AutoML approach for structural performance
prediction of bicycle frames", Computer-Aided Design 156 (2023), arXiv 2201.10459; the public repository
Lyleregenwetter/FRAMED at commit b881634 (read: ``PostSW.py``, ``PreSW.py``, ``Param Study Prep.ipynb``,
``Analysis.ipynb``, ``Design Study Template_DTL3.csv``, raw SolidWorks results of batch 1).

- Simulated by SolidWorks design studies of one parametric solid: three studies, "in-plane" (Sim 1),
  "transverse" (Sim 2) and "eccentric" (Sim 3: "Simulation Eccentric Stiffness (3)"). x runs along the
  bicycle, y up, z across.
- Read off (PostSW.py): displacements x, y of the dropout and of the bottom bracket in Sim 1; z of the bottom
  bracket in Sim 2; y of the bottom bracket's right and left end in Sim 3, R and L. The table's
  ``Sim 3 Bottom Bracket Y Disp.`` is (L + R) / 2 and ``Sim 3 Bottom Bracket X Rot.`` is (L - R) / 0.14 m,
  so the two points of reading are taken 0.14 m apart whatever the shell's length. ``Min FS`` and
  ``Max Stress`` of Sims 1 and 3 are von Mises of solids, so they hold notch stresses at the tubes' mitres
  that no beam has. Studies with "Error", "Rebuild Error" or "... fails" are left out of the table.
- A frame counts as valid when both safety factors are above 1 (Analysis.ipynb).
- Bridges: ``SSB OD`` or ``CSB OD`` 0 in the simulation means that the bridge is left out; the table then
  holds the mean of the others, and ``SSB_Include`` / ``CSB_Include`` say it.
- Wall thicknesses were drawn anew, 0.5 to 10 mm, log-even by Sobol points: most frames are no bicycle
  anybody would build.
- ``correctRads`` of PostSW.py: where a batch's mean seat tube angle was below 10 (radians), HT Angle was
  overwritten by ST Angle; frames with equal angles are suspect.
- Materials, :data:`YIELD` checked as Min FS times Max Stress of raw rows (1.035 * 444.4 MPa = 460,
  0.8717 * 949.1 MPa = 827).

Magnitudes and supports of the loads stand in the paper's text and figures, which no public copy at hand
showed in full. They were found by fitting this package's beams (tubes on their axes) to 150 to 300 frames:
every reading is a sum of responses to unit loads, and supports were chosen by how little single frames spread
about the load that comes out. With half of the other tube's radius as what lies inside a joint
(`Member.inside_i`, `inside_j`) the loads are round numbers; with none they come out 4 to 10 % smaller, with
the whole radius 6 to 15 % larger.

- Sim 1: head tube clamped; 2,000 N down on the bottom bracket and 2,000 N up on both dropouts together; the
  four readings, each for itself, give this pair within 6 %. Median error of single frames 5 to 6 %, 90 % of
  them within 16 to 19 %; rank correlations 0.95 to 0.97.
- **Trap** of Sim 1: where BB Drop is 55 mm or more, the load on the dropouts points *down*. The sign of every
  reading turns there, sharply, and magnitudes grow threefold as the loads no longer oppose each other: a face
  of the parametric solid flips. With the dropouts' force signed by that rule, one pair explains both groups.
- Sim 2: head tube clamped, dropouts on flat guides (z, rx, ry held; x, y free); 550 to 600 N across on the
  bottom bracket. Rank correlation 0.92 to 0.975. Dropouts pinned, clamped or free spread three times as much.
- Sim 3: the same guides; 2,000 N down on the right end of the bottom bracket's shell: y gives 1,940, the
  rotation 2,080. Rank correlations 0.91 and 0.86; quartiles 6 and 11 % about the load.
- Mass: 0.921 0.969 0.990 1.022 1.216 of theirs (5, 25, 50, 75, 95 % of frames).
- Geometry that gave this: axle at (-sqrt(CS^2 - drop^2), drop) from the bottom bracket; the down tube meets
  the head tube at DT Length from the bottom bracket, LX above its lower end, whose top is at Stack; the top
  tube joins ST UX below the seat tube's top and HT UX below the head tube's; seat stays SS E below the top
  tube's joint (or below the seat tube's top: no difference that shows), SS Z out of the plane; chain stays
  CS F inside the shell's ends; bridges (solid rods) at their offsets from the axle.
"""

from __future__ import annotations

#: E, G (MPa), density (kg/m3) of SolidWorks' library: "AISI 4130 Steel, annealed at 865C", "6061-T6 (SS)",
#: "Ti-6Al-4V Solution treated and aged (SS)"
ELASTIC = {
    "Steel": (205e3, 80e3, 7850.0),
    "Aluminum": (69e3, 26e3, 2700.0),
    "Titanium": (104.8e3, 41.02e3, 4428.8),
}
#: MPa
YIELD = {"Steel": 460.0, "Aluminum": 275.0, "Titanium": 827.4}
