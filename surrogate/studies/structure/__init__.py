"""Does a product hold its loads?

`study` puts a family's :meth:`~maquette.design.family.contract.Family.structure` through the solver of
:mod:`maquette.design.structures`, which is exact mathematics on data and so stands with the design: families
measure `safety_factor` and the rest with the same call, and nothing is learned where a millisecond computes
the truth.

Why own code: on one frame of 86 members, 81 nodes and six load cases of two kinds of support, ours took
4.2 ms of one core's time on this machine with stresses and reactions; PyNiteFEA 3.2.0 (sparse, linear, no
stability check) took 62 ms for four of the six cases, without shear deformation, tapered members, stresses or
safety. With the shear areas made infinite, the displacements of both agree to 2.5e-11 of the largest.
scikit-fem brings no beam of twelve freedoms and no shell; its solids take 1.4 s for 12,000 freedoms.

Two fidelities. `beam` takes milliseconds. `shell` puts fine shells on the middle faces of the walls, from the
same definition as the exact solids (`Family.fine_structure`), welds what meets, and takes 2 to 5 s of one
core for all load cases; `agreement` holds the one to the other. Why shells of our own and not solids of the
exact CAD: walls of 0.8 to 2 mm ask for triangles of 2 mm. gmsh 4.15.2 could not fill the default frame at 4
mm (facets of the outer and the inner face cross), and a single tee of two tubes took 42,754 second-order
tetrahedra and CalculiX 2.20 570 s on this busy machine for three load cases, the same tee on shells 1 s
with tips within 3 %. So nothing outside is needed: gmsh (GPL) and CalculiX have given the truth that
`tests/test_structure_shells.py` keeps, and stay out.

What shells do not tell: stress within 4 mm (or a wall's thickness) of a weld grows with every finer mesh and
is not judged (`seam_stress` in a run's details says it); solid bars stay beams. Peak stress beside a weld
scatters by a tenth between meshes of 2.5 and 4 mm, displacements by less than 1 % (saddle 2 %).
"""
