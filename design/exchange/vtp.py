"""Fields on a surface as a `.vtp` file (VTK XML PolyData), which ParaView opens."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ..arrays import FloatArray
from ..errors import InputError
from ..files import whole_file
from ..geometry.mesh import Mesh


def write_vtp(mesh: Mesh, path: Path, fields: Mapping[str, FloatArray], notes: Mapping[str, str]) -> None:
    """Write a mesh (mm, kept in mm) with numbers at its V vertices, and read it back.

    Args:
        fields: by name, (V,) or (V, k) each: point data, the first one active.
        notes: by name, a line each: field data (units, what the numbers are).

    Raises:
        InputError: a missing or read-only folder, a full disk, a field that does not fit the mesh.
    """
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonCore import vtkStringArray
    from vtkmodules.vtkIOXML import vtkXMLPolyDataWriter

    from ..rendering.vtk_tools import triangle_data

    data = triangle_data(mesh.vertices, mesh.faces)
    for name, values in fields.items():
        if len(values) != len(mesh.vertices):
            raise InputError(
                f"{path}: field {name!r} has {len(values)} values, one a vertex needed ({len(mesh.vertices)})"
            )
        array = numpy_to_vtk(np.ascontiguousarray(values, dtype=np.float64), deep=True)
        array.SetName(name)
        data.GetPointData().AddArray(array)
    if fields:
        data.GetPointData().SetActiveScalars(next(iter(fields)))
    for name, text in notes.items():
        line = vtkStringArray()
        line.SetName(name)
        line.InsertNextValue(text)
        data.GetFieldData().AddArray(line)
    with whole_file(path) as part:
        writer = vtkXMLPolyDataWriter()
        writer.SetFileName(str(part))
        writer.SetInputData(data)
        if not writer.Write():
            raise InputError(f"{path}: cannot be written")
        found, back, _ = read_vtp(part)
        same = all(np.array_equal(back[name], np.asarray(values)) for name, values in fields.items())
        if len(found.vertices) != len(mesh.vertices) or len(found.faces) != len(mesh.faces) or not same:
            raise InputError(f"{path}: the disk did not keep what was written")


def read_vtp(path: Path) -> tuple[Mesh, dict[str, FloatArray], dict[str, str]]:
    """Triangles (mm), point data and notes of a file that :func:`write_vtp` wrote.

    Raises:
        InputError: missing, or not such a file.
    """
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkIOXML import vtkXMLPolyDataReader

    from ..rendering.vtk_tools import quiet_stderr

    if not path.is_file():
        raise InputError(f"{path}: no such file")
    reader = vtkXMLPolyDataReader()
    reader.SetFileName(str(path))
    with quiet_stderr():
        reader.Update()
    data = reader.GetOutput()
    if not data.GetNumberOfPoints() or not data.GetNumberOfPolys():
        raise InputError(f"{path}: not a .vtp file with triangles")
    points = vtk_to_numpy(data.GetPoints().GetData()).astype(np.float64)
    faces = vtk_to_numpy(data.GetPolys().GetConnectivityArray()).reshape(-1, 3).astype(np.int64)
    at, about = data.GetPointData(), data.GetFieldData()
    fields = {at.GetArrayName(k): vtk_to_numpy(at.GetArray(k)).copy() for k in range(at.GetNumberOfArrays())}
    notes = {}
    for k in range(about.GetNumberOfArrays()):
        array = about.GetAbstractArray(k)
        notes[array.GetName()] = str(array.GetValue(0))
    return Mesh(points, faces), fields, notes
