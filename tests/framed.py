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
- Batches differ in sign (the load of Sim 1 was turned round between batches) and, says correctRads, in
  degrees or radians; where the mean seat tube angle was below 10, HT Angle was overwritten by ST Angle:
  frames with equal angles are suspect.
- Materials, :data:`YIELD` checked as Min FS times Max Stress of raw rows (1.035 * 444.4 MPa = 460,
  0.8717 * 949.1 MPa = 827).
- Magnitudes and supports of the loads stand in the paper's text and figures, which no public copy at hand
  showed in full. What the results say: in Sim 1 the dropouts move down about twice as far as the bottom
  bracket and both move along x alike, so the frame hangs from its head tube and is bent in its plane; a load
  at one place only scales all four readings, so force and place can be fitted on a few frames and held to the
  rest.
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
