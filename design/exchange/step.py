"""STEP AP242 with named, coloured parts, materials and validation properties; and reading it back.

Traps that this file knows (each was met, OCCT 7.9): the schema is a global setting, so one export per
process at a time; a shape with a location loses colour and properties, so locations are baked in; a
material without density vanishes; the density's unit is written as g^3 cm^2 and is mended here; assembly
usage ids count up over the life of the process and are renumbered here; a failed read looks like an empty
document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import BuildError, InputError
from ..files import unreadable, whole_file
from ..geometry.measures import solid_numbers, solid_volume
from ..geometry.mesh import Colour
from ..geometry.solid import SolidPart
from ..limits import MAX_STEP_BYTES, STEP_RELATIVE

TIME_STAMP = "2026-01-01T00:00:00"  # fixed: the same design gives the same bytes
MAX_STEP_PARTS = 2_000


@dataclass(frozen=True)
class PartFacts:
    """What the kernel measures on one exact part.

    Attributes:
        volume, area: mm^3, mm^2; low, high: tight box corners (3,), mm; centroid: (3,), mm.
        colour: sRGB RGBA or None; density_kg_m3: 0 when the part has no material.
        stated_volume, stated_area: the file's own validation properties (None when absent).
    """

    name: str
    volume: float
    area: float
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    centroid: tuple[float, float, float]
    solids: int
    valid: bool
    colour: Colour | None = None
    material: str = ""
    density_kg_m3: float = 0.0
    stated_volume: float | None = None
    stated_area: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain data for a manifest."""
        return asdict(self)


def write_step(
    parts: Sequence[SolidPart],
    path: Path,
    name: str,
    properties: Mapping[str, str | float] | None = None,
) -> list[PartFacts]:
    """Write one assembly, read it back and compare names and volumes.

    Args:
        parts: exact parts in place, mm; names must differ.
        path: file to write; its folder must exist.
        name: the assembly's name.
        properties: short facts for the file's header (`overall_length: 4650 mm`).

    Returns:
        what the kernel measures on every part.

    Raises:
        InputError: no parts, a name used twice, or the file cannot be written.
        BuildError: the kernel did not write a file that reads back as the same parts.
    """
    if not parts:
        raise InputError(f"{path}: there are no parts to write")
    names = [_ascii(part.name) for part in parts]
    if len(set(names)) != len(names):
        raise InputError(f"{path}: part names must differ, got {', '.join(names)}")
    placed = [replace(part, shape=_baked(part.shape)) for part in _told_apart(parts)]
    facts = [facts_of(part) for part in placed]
    with whole_file(path) as temporary:
        if not _write(placed, facts, temporary, name, properties or {}):
            raise InputError(f"{path}: cannot be written (the kernel's writer gave up; is the disk full?)")
        text = temporary.read_text(encoding="latin-1")
        if not text.rstrip().endswith("END-ISO-10303-21;"):
            raise InputError(f"{path}: cannot be written (the file is cut short; is the disk full?)")
        temporary.write_text(_mended(text, parts), encoding="latin-1", newline="\n")
        again = [part for part, _ in _read(temporary)]
        if [part.name for part in again] != names:
            raise BuildError(f"{path.name} reads back as {[part.name for part in again]}, not {names}")
        for part, known in zip(again, facts, strict=True):
            volume = solid_volume(part.shape)
            if abs(volume - known.volume) > STEP_RELATIVE * abs(known.volume):
                raise BuildError(f"{path.name}: {part.name} reads back with {volume} mm3, not {known.volume}")
    return facts


def read_step(path: Path) -> list[PartFacts]:
    """Facts of every part of a STEP file, measured on the imported solids.

    Raises:
        InputError: missing, too large, or not a STEP file that holds solids.
    """
    return [facts_of(part, stated) for part, stated in _read(path)]


def facts_of(part: SolidPart, stated: tuple[float | None, float | None] = (None, None)) -> PartFacts:
    """Measure one exact part."""
    numbers = solid_numbers(part.shape)
    (x0, y0, z0), (x1, y1, z1) = numbers.bounds.tolist()
    x, y, z = numbers.centroid.tolist()
    return PartFacts(
        name=part.name,
        volume=numbers.volume * 1e9,
        area=numbers.area * 1e6,
        low=(x0, y0, z0),
        high=(x1, y1, z1),
        centroid=(x, y, z),
        solids=len(part.shape.Solids()),
        valid=bool(part.shape.isValid()),
        colour=part.colour if part.colour[3] > 0 else None,
        material=part.material,
        density_kg_m3=part.density_kg_m3,
        stated_volume=stated[0],
        stated_area=stated[1],
    )


def _told_apart(parts: Sequence[SolidPart]) -> list[SolidPart]:
    """Parts whose materials have one density a name: readers take equal names for one material."""
    densities: dict[str, set[float]] = {}
    for part in parts:
        densities.setdefault(_ascii(part.material), set()).add(part.density_kg_m3)
    named = []
    for part in parts:
        material = _ascii(part.material)
        if len(densities[material]) > 1:
            material = f"{material} {part.density_kg_m3:g} kg/m3"
        named.append(replace(part, material=material))
    return named


# -- writing -------------------------------------------------------------------------------------------


def _write(
    parts: Sequence[SolidPart],
    facts: Sequence[PartFacts],
    path: Path,
    name: str,
    properties: Mapping[str, str | float],
) -> bool:
    from OCP.IFSelect import IFSelect_RetDone
    from OCP.Interface import Interface_Static
    from OCP.STEPCAFControl import STEPCAFControl_Controller, STEPCAFControl_Writer
    from OCP.STEPControl import STEPControl_AsIs

    STEPCAFControl_Controller.Init_s()
    for key, value in (("write.step.schema", "AP242DIS"), ("write.step.unit", "MM")):
        if not Interface_Static.SetCVal_s(key, value):
            raise BuildError(f"the kernel refused the setting {key} = {value}")
    document = _document(parts, facts, name)
    writer = STEPCAFControl_Writer()
    for mode in (writer.SetNameMode, writer.SetMaterialMode, writer.SetPropsMode):
        mode(True)
    writer.SetColorMode(False)  # see `_styled`
    if not writer.Transfer(document, STEPControl_AsIs):
        raise BuildError(f"the kernel could not translate {name} to STEP")
    _head(writer.ChangeWriter().Model(), name, properties)
    return bool(writer.Write(str(path)) == IFSelect_RetDone)


def _document(parts: Sequence[SolidPart], facts: Sequence[PartFacts], name: str) -> Any:
    from OCP.TCollection import TCollection_HAsciiString
    from OCP.TDataStd import TDataStd_Name
    from OCP.TopLoc import TopLoc_Location
    from OCP.XCAFDoc import XCAFDoc_Area, XCAFDoc_Centroid, XCAFDoc_DocumentTool, XCAFDoc_Volume

    document = _new_document()
    shapes = XCAFDoc_DocumentTool.ShapeTool_s(document.Main())
    materials = XCAFDoc_DocumentTool.MaterialTool_s(document.Main())
    root = shapes.NewShape()
    TDataStd_Name.Set_s(root, _extended(name))
    for part, known in zip(parts, facts, strict=True):
        label = shapes.AddShape(part.shape.wrapped, False)
        TDataStd_Name.Set_s(label, _extended(part.name))
        component = shapes.AddComponent(root, label, TopLoc_Location())
        TDataStd_Name.Set_s(component, _extended(part.name))
        XCAFDoc_Volume.Set_s(label, known.volume)
        XCAFDoc_Area.Set_s(label, known.area)
        XCAFDoc_Centroid.Set_s(label, _point(known.centroid))
        if part.material and part.density_kg_m3 > 0:
            materials.SetMaterial(
                label,
                TCollection_HAsciiString(_ascii(part.material)),
                TCollection_HAsciiString(""),
                part.density_kg_m3 / 1000.0,  # g/cm^3
                TCollection_HAsciiString("density measure"),
                TCollection_HAsciiString("POSITIVE_RATIO_MEASURE"),
            )
    shapes.UpdateAssemblies()
    return document


def _new_document() -> Any:
    from OCP.TCollection import TCollection_ExtendedString
    from OCP.TDocStd import TDocStd_Document
    from OCP.XCAFApp import XCAFApp_Application
    from OCP.XCAFDoc import XCAFDoc_DocumentTool

    application = XCAFApp_Application.GetApplication_s()
    document = TDocStd_Document(TCollection_ExtendedString("maquette"))
    application.NewDocument(TCollection_ExtendedString("MDTV-XCAF"), document)
    XCAFDoc_DocumentTool.SetLengthUnit_s(document, 0.001)
    return document


def _baked(shape: Any) -> Any:
    """The shape with its location worked into the geometry."""
    from cadquery import Shape
    from OCP.BRepBuilderAPI import BRepBuilderAPI_Transform
    from OCP.TopLoc import TopLoc_Location

    location = shape.wrapped.Location()
    if location.IsIdentity():
        return shape
    bare = shape.wrapped.Located(TopLoc_Location())
    moved = BRepBuilderAPI_Transform(bare, location.Transformation(), True).Shape()
    return Shape.cast(moved)


def _head(model: Any, name: str, properties: Mapping[str, str | float]) -> None:
    from OCP.APIHeaderSection import APIHeaderSection_MakeHeader
    from OCP.Interface import Interface_HArray1OfHAsciiString
    from OCP.TCollection import TCollection_HAsciiString

    def text(value: str) -> Any:
        return TCollection_HAsciiString(_ascii(value))

    lines = [f"{name}, made by Maquette", *(f"{key}: {value}" for key, value in properties.items())]
    descriptions = Interface_HArray1OfHAsciiString(1, len(lines))
    for index, line in enumerate(lines, start=1):
        descriptions.SetValue(index, text(line[:200]))
    header = APIHeaderSection_MakeHeader(model)
    header.SetName(text(f"{name}.step"))
    header.SetTimeStamp(text(TIME_STAMP))
    header.SetAuthorValue(1, text("Maquette"))
    header.SetOrganizationValue(1, text("Maquette"))
    header.SetOriginatingSystem(text("Maquette"))
    header.SetAuthorisation(text(""))
    header.SetDescription(descriptions)


_DENSITY_UNIT = re.compile(
    r"(DERIVED_UNIT_ELEMENT\(#\d+,)3\.(\);\s*"
    r"#\d+ = \( MASS_UNIT\(\) NAMED_UNIT\(\*\) SI_UNIT\(\$,\.GRAM\.\) \);\s*"
    r"#\d+ = DERIVED_UNIT_ELEMENT\(#\d+,)2\."
)


def _mended(text: str, parts: Sequence[SolidPart]) -> str:
    """The kernel's file with colours, density in g/cm^3, and assembly usages from 1, each on one line:
    where the kernel breaks it depends on how long its own number was."""
    text = _DENSITY_UNIT.sub(r"\g<1>1.\g<2>-3.", text)
    numbers = iter(range(1, 1 << 30))
    text = re.sub(
        r"NEXT_ASSEMBLY_USAGE_OCCURRENCE\('\d+'(.*?\);\n)",
        lambda m: f"NEXT_ASSEMBLY_USAGE_OCCURRENCE('{next(numbers)}'" + re.sub(r"\n {2}", "", m[1]),
        text,
        flags=re.S,
    )
    body, end, tail = text.rpartition("ENDSEC;")
    return body + "".join(_styled(body, parts)) + end + tail


def _styled(text: str, parts: Sequence[SolidPart]) -> list[str]:
    """Lines that give each part its colour (ISO 10303-46, as the kernel itself would write them).

    The kernel writes styles in the order of memory addresses, so that no two runs give the same bytes.
    """
    rows = {int(m[1]): (m[2], m[3]) for m in re.finditer(r"#(\d+) = ([A-Z_0-9]+)\((.*?)\);\n", text, re.S)}

    def refs(number: int) -> list[int]:
        return [int(r) for r in re.findall(r"#(\d+)", rows[number][1])]

    colours = {_ascii(part.name): part.colour for part in parts}
    lines: list[str] = []
    free = max(int(m) for m in re.findall(r"^#(\d+) =", text, re.M)) + 1
    for number in sorted(n for n, (kind, _) in rows.items() if kind == "SHAPE_DEFINITION_REPRESENTATION"):
        definition, representation = refs(number)
        if "BREP_SHAPE_REPRESENTATION" not in rows[representation][0]:
            continue
        product = refs(refs(refs(definition)[0])[0])[0]
        name = rows[product][1].split("'")[1]
        *items, context = refs(representation)
        for item in items:
            if rows[item][0] == "AXIS2_PLACEMENT_3D":
                continue
            lines += _style(free, item, context, colours[name])
            free += 11
    return lines


def _style(n: int, item: int, context: int, colour: Colour) -> list[str]:
    """Entities from number `n` on that colour the representation item `item`."""
    r, g, b, alpha = (min(max(float(c), 0.0), 1.0) for c in colour)
    sides = f"(#{n + 5},#{n + 8})" if alpha < 1.0 else f"(#{n + 5})"
    rows = [
        f"MECHANICAL_DESIGN_GEOMETRIC_PRESENTATION_REPRESENTATION('',(#{n + 1}),#{context})",
        f"STYLED_ITEM('color',(#{n + 2}),#{item})",
        f"PRESENTATION_STYLE_ASSIGNMENT((#{n + 3}))",
        f"SURFACE_STYLE_USAGE(.BOTH.,#{n + 4})",
        f"SURFACE_SIDE_STYLE('',{sides})",
        f"SURFACE_STYLE_FILL_AREA(#{n + 6})",
        f"FILL_AREA_STYLE('',(#{n + 7}))",
        f"FILL_AREA_STYLE_COLOUR('',#{n + 9})",
        f"SURFACE_STYLE_RENDERING_WITH_PROPERTIES(.NORMAL_SHADING.,#{n + 9},(#{n + 10}))",
        f"COLOUR_RGB('',{r:.6f},{g:.6f},{b:.6f})",
        f"SURFACE_STYLE_TRANSPARENT({1.0 - alpha:.6f})",
    ]
    opaque_skips = {8, 10} if alpha >= 1.0 else set()
    return [f"#{n + k} = {row};\n" for k, row in enumerate(rows) if k not in opaque_skips]


def _ascii(text: str) -> str:
    """Printable ASCII: STEP headers and materials hold nothing else safely."""
    return "".join(c if 32 <= ord(c) < 127 and c not in "\\';" else "_" for c in text)


def _extended(text: str) -> Any:
    from OCP.TCollection import TCollection_ExtendedString

    return TCollection_ExtendedString(_ascii(text))


def _point(values: tuple[float, float, float]) -> Any:
    from OCP.gp import gp_Pnt

    return gp_Pnt(*values)


# -- reading -------------------------------------------------------------------------------------------


def _read(path: Path) -> list[tuple[SolidPart, tuple[float | None, float | None]]]:
    from OCP.IFSelect import IFSelect_RetDone
    from OCP.STEPCAFControl import STEPCAFControl_Reader
    from OCP.TDF import TDF_LabelSequence
    from OCP.XCAFDoc import XCAFDoc_DocumentTool

    _check_head(path)
    reader = STEPCAFControl_Reader()
    for mode in (reader.SetColorMode, reader.SetNameMode, reader.SetMatMode, reader.SetPropsMode):
        mode(True)
    document = _new_document()
    try:
        read = reader.ReadFile(str(path)) == IFSelect_RetDone and reader.Transfer(document)
    except Exception as error:  # OCCT raises its own hierarchy through pybind
        raise InputError(f"{path}: not a STEP file that can be read ({error})") from error
    if not read:
        raise InputError(f"{path}: not a STEP file that can be read")
    shapes = XCAFDoc_DocumentTool.ShapeTool_s(document.Main())
    free = TDF_LabelSequence()
    shapes.GetFreeShapes(free)
    found: list[tuple[SolidPart, tuple[float | None, float | None]]] = []
    for index in range(1, free.Length() + 1):
        _collect(document, shapes, free.Value(index), found)
    if not found:
        raise InputError(f"{path}: holds no shapes")
    return found


def _check_head(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(64)
            file.seek(max(size - 256, 0))
            tail = file.read()
    except OSError as error:
        raise InputError(unreadable(path, error)) from error
    if size > MAX_STEP_BYTES:
        raise InputError(f"{path}: {size} bytes; at most {MAX_STEP_BYTES}")
    if not head.lstrip().startswith(b"ISO-10303-21;") or b"END-ISO-10303-21;" not in tail:
        raise InputError(f"{path}: not a whole STEP file (its first or last line is missing)")


def _collect(
    document: Any,
    shapes: Any,
    label: Any,
    found: list[tuple[SolidPart, tuple[float | None, float | None]]],
    location: Any = None,
    name: str = "",
) -> None:
    from cadquery import Shape
    from OCP.TDF import TDF_Label, TDF_LabelSequence
    from OCP.TopLoc import TopLoc_Location

    location = location or TopLoc_Location()
    if shapes.IsAssembly_s(label):
        parts = TDF_LabelSequence()
        shapes.GetComponents_s(label, parts, False)
        for index in range(1, parts.Length() + 1):
            component = parts.Value(index)
            target = TDF_Label()
            shapes.GetReferredShape_s(component, target)
            here = location.Multiplied(shapes.GetLocation_s(component))
            _collect(document, shapes, target, found, here, _name(component) or _name(target))
        return
    if len(found) >= MAX_STEP_PARTS:
        raise InputError(f"more than {MAX_STEP_PARTS} parts in one STEP file")
    shape = shapes.GetShape_s(label)
    if shape is None or shape.IsNull():
        return
    material, density = _material(document, label)
    part = SolidPart(
        name or _name(label),
        Shape.cast(shape.Moved(location)),
        _colour(document, label) or (0.0, 0.0, 0.0, 0.0),
        material,
        density,
    )
    found.append((part, _stated(label)))


def _name(label: Any) -> str:
    from OCP.TDataStd import TDataStd_Name

    # `FindAttribute` crashes the process when the attribute is absent: ask `IsAttribute` first, everywhere
    if not label.IsAttribute(TDataStd_Name.GetID_s()):
        return ""
    attribute = TDataStd_Name()
    label.FindAttribute(TDataStd_Name.GetID_s(), attribute)
    return str(attribute.Get().ToExtString())


def _colour(document: Any, label: Any) -> Colour | None:
    from OCP.Quantity import Quantity_ColorRGBA
    from OCP.XCAFDoc import XCAFDoc_ColorGen, XCAFDoc_ColorSurf, XCAFDoc_DocumentTool

    tool = XCAFDoc_DocumentTool.ColorTool_s(document.Main())
    found = Quantity_ColorRGBA()
    for kind in (XCAFDoc_ColorSurf, XCAFDoc_ColorGen):
        if tool.GetColor_s(label, kind, found):
            rgb = found.GetRGB()
            r, g, b = (_srgb(c) for c in (rgb.Red(), rgb.Green(), rgb.Blue()))
            return r, g, b, round(float(found.Alpha()), 4)
    return None


def _srgb(linear: float) -> float:
    """sRGB value of a linear one (IEC 61966-2-1), as the kernel stores colours linearly."""
    value = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1.0 / 2.4) - 0.055
    return round(float(value), 4)


def _material(document: Any, label: Any) -> tuple[str, float]:
    from OCP.TDataStd import TDataStd_TreeNode
    from OCP.XCAFDoc import XCAFDoc, XCAFDoc_Material

    if not label.IsAttribute(XCAFDoc.MaterialRefGUID_s()):
        return "", 0.0
    node = TDataStd_TreeNode()
    label.FindAttribute(XCAFDoc.MaterialRefGUID_s(), node)
    if not node.HasFather() or not node.Father().Label().IsAttribute(XCAFDoc_Material.GetID_s()):
        return "", 0.0
    material = XCAFDoc_Material()
    node.Father().Label().FindAttribute(XCAFDoc_Material.GetID_s(), material)
    return str(material.GetName().ToCString()), float(material.GetDensity()) * 1000.0


def _stated(label: Any) -> tuple[float | None, float | None]:
    from OCP.XCAFDoc import XCAFDoc_Area, XCAFDoc_Volume

    values: list[float | None] = []
    for kind in (XCAFDoc_Volume, XCAFDoc_Area):
        if not label.IsAttribute(kind.GetID_s()):
            values.append(None)
            continue
        attribute = kind()
        label.FindAttribute(kind.GetID_s(), attribute)
        values.append(float(attribute.Get()))
    return values[0], values[1]
