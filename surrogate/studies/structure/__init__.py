"""Does a product hold its loads?

`study` puts a family's :meth:`~maquette.design.family.contract.Family.structure` through the solver of
:mod:`maquette.design.structures`, which is exact mathematics on data and so stands with the design: families
measure `safety_factor` and the rest with the same call, and nothing is learned where a millisecond computes
the truth.

Why own code: on one frame of 86 members, 81 nodes and six load cases of two kinds of support (this machine,
one core, while other work ran), ours took 4 ms at best; PyNiteFEA 3.2.0 (sparse, linear, no stability check)
took 186 ms for four of the six cases, without shear deformation, tapered members, stresses or safety.
scikit-fem brings no beam of twelve freedoms and no shell; its solids take 1.4 s for 12,000 freedoms.
"""
