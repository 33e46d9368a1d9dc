"""Does a product hold its loads?

`study` puts a family's :meth:`~maquette.design.family.contract.Family.structure` through the solver of
:mod:`maquette.design.structures`, which is exact mathematics on data and so stands with the design: families
measure `safety_factor` and the rest with the same call, and nothing is learned where a millisecond computes
the truth.

Why own code: on one frame of 86 members, 81 nodes and six load cases of two kinds of support, ours took 4.2
ms of one core's time on this machine with stresses and reactions; PyNiteFEA 3.2.0 (sparse, linear, unchecked)
took 62 ms for four of the six cases, without shear deformation, tapered members, stresses or safety. With the
shear areas made infinite, the displacements of both agree to 2.5e-11 of the largest. scikit-fem has no beam
of twelve freedoms, no shell; its solids take 1.4 s for 12,000 freedoms.

One fidelity so far. A second one on solids (gmsh's mesh of the exact CAD, CalculiX) needs a `Study.require`
that knows for which fidelity it is asked, and a family's word for which of its solids carry.
"""
