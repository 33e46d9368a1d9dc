"""Does it hold?

`structure` says what a loaded structure is (nodes, members, plates, load cases, probes), of `sections` and
`materials`; `solve` is the linear elastic solver, pure mathematics on that data, in milliseconds; `verdict`
tells stresses, safety and the critical member in numbers and words. A family returns a
:class:`~.structure.Structure` from :meth:`~..family.contract.Family.structure`.

`skins` makes the dear model of it: walls as fine shells, `ties` welding meshes that do not match; the same
solver, verdict and pictures (`surface`) serve both. What beams must know to agree with it: tubes give more in
bends (`sections.bent`) and where they are welded onto others (`joints`).

Units: mm, N, N mm, MPa, kg; angles of results in radians.
"""
