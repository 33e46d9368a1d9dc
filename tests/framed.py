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
showed in full. They were found by fitting this package's beams (tubes on their axes) to the frames: every
reading is a sum of responses to unit loads, and supports were chosen by how little single frames spread
about the load that comes out. Half of the other tube's radius lies inside a joint (`Member.inside_i`,
`inside_j`).

- Head tube: clamped over its whole length, its wall held. Clamped at its ends alone it is too soft: the
  middle half of frames then spread by 14 % in Sim 3's y and are 9 % off, against 9 % and 1 %; where its
  wall gives as a tube's does (Fessler), ranks in the plane fall from 0.97 to 0.86.
- Bottom bracket shell: its wall gives. How far beams are off in Sim 2 went with its thickness (rank
  correlation 0.75; rotation of Sim 3: 0.65). With half of Fessler's joint in the plane of both axes the
  middle half spread by 7 % instead of 17 % (rotation: 5 for 11 %), and with 0.3 of it out of that plane by
  6 % instead of 9 % in Sim 1.
- Sim 1: 2,000 N down on the bottom bracket and 2,000 N up on both dropouts together.
- **Trap** of Sim 1: where BB Drop is 54 mm or more, the load on the dropouts points *down* (53 mm: all 11
  up; 54 to 54.2 mm: all 8 down; 55 mm: all but one). The sign of every reading turns there, sharply, and
  magnitudes grow threefold as the loads no longer oppose each other: a face of the parametric solid flips.
  With the dropouts' force signed by that rule, one pair explains both groups. The eight frames of 49.3 mm
  drop have readings that no pair of these loads gives, and safety factors of 0.002 to 0.25 beside 1.3 to
  3.4 of our beams.
- Sim 2: dropouts on flat guides (z, rx, ry held; x, y free); 550 N across on the bottom bracket. Dropouts
  pinned, clamped or free spread three times as much.
- Sim 3: the same guides; 2,000 N down on the right end of the bottom bracket's shell. The rotation in the
  table is the shell's own turn (ours over it: 1.05), so L and R are read 0.14 m apart however wide the
  shell is.
- 99 of 1,286 frames are off by more than half in Sim 1 whatever the rule; half of them fit no pair of these
  loads.
- Safety factors: stress at the mitres over that of beams is about 1.4 times the wall (mm) to the power 0.2;
  without it the rank correlation of what is left with the wall is -0.72 (Sim 1, where the down tube
  decides). 72 and 94 of 1,286 are lower than half of that, up to a hundredfold, which no number of the row
  tells (R2 0.01). The authors' own mesh study (``Convergence/conv_*.csv``, fineness in 1/100,000 m, the
  table's 3): from 4 to 1 Min FS of Sim 1 falls by 5.3, 1.22, 1.66, 1.80, 1.47 times in the five frames, of
  Sim 3 by 5.4, 1.33, 1.67, 1.91, 1.61.
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
