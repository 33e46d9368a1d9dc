"""Pictures of options: found where bodies differ, from the side that shows it, the nearest in front."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from maquette.design.family.contract import Family
from maquette.design.family.registry import get_family
from maquette.design.geometry.mesh import Mesh, MeshPart
from maquette.ui.web import option_pictures
from maquette.ui.web.option_pictures import picture, surface, where_they_differ
from PIL import Image

BLUE, RED = (0.1, 0.2, 0.9, 1.0), (0.9, 0.1, 0.1, 1.0)
_CORNERS = np.array([[x, y, z] for x in (0.0, 1.0) for y in (0.0, 1.0) for z in (0.0, 1.0)])
_FACES = np.array(
    [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1], [2, 3, 7], [2, 7, 6], [0, 2, 6],
     [0, 6, 4], [1, 5, 7], [1, 7, 3]]
)  # fmt: skip


def box(name: str, low: tuple[float, ...], size: tuple[float, ...], colour: tuple[float, ...]) -> MeshPart:
    return MeshPart(name, Mesh(np.array(low) + np.array(size) * _CORNERS, _FACES), colour)  # type: ignore[arg-type]


BODY = box("body", (0, -900, 200), (4500, 1800, 1200), BLUE)
PLACES = {
    "front": ((-20, -300, 600), (20, 600, 200)),
    "rear": ((4500, -300, 600), (20, 600, 200)),
    "side": ((2000, -915, 500), (400, 15, 200)),
    "top": ((1500, -600, 1400), (1500, 1200, 15)),
}


@pytest.mark.parametrize("view", PLACES)
def test_a_detail_is_seen_from_its_own_side_and_in_the_middle(view: str) -> None:
    bodies = [[BODY, box("detail", *PLACES[view], colour)] for colour in (BLUE, RED)]
    found = where_they_differ(bodies)
    assert found is not None
    assert found[0] == view
    shown = np.asarray(picture(surface(bodies[1]), *found))
    height, width = shown.shape[:2]
    red = shown[..., 0] > 2.0 * shown[..., 2]
    assert red[height // 2, width // 2]
    rows, columns = np.nonzero(red)
    assert abs(rows.mean() - 0.5 * (height - 1)) < 2.0
    assert abs(columns.mean() - 0.5 * (width - 1)) < 2.0
    assert not red[0].any()


def test_what_is_the_same_or_hidden_has_no_picture() -> None:
    assert where_they_differ([[BODY], [BODY]]) is None


def test_pictures_are_of_the_options_and_are_served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from fastapi.testclient import TestClient
    from maquette.ui.web.desk import Desk
    from maquette.ui.web.server import build_server

    car = get_family("car")

    def mesh(_: Family, values: dict[str, float]) -> list[MeshPart]:
        place, size = PLACES["front"]
        grown = (size[0], size[1], size[2] + 40.0 * values["grille"])
        return [BODY, box("grille", place, grown, RED)]

    monkeypatch.setattr(type(car), "mesh", mesh)
    option_pictures.option_pictures.cache_clear()
    try:
        shop = TestClient(build_server(Desk(tmp_path)))
        seen = [shop.get(f"/options/car/grille/{o}.png") for o in ("closed", "slats")]
        assert [r.status_code for r in seen] == [200, 200]
        red = []
        for answer in seen:
            shown = np.asarray(Image.open(io.BytesIO(answer.content)))
            assert shown.shape == (*option_pictures.SIZE[::-1], 3)
            red.append(int((shown[..., 0] > 2.0 * shown[..., 2]).sum()))
        assert red[1] > 1.5 * red[0]
        for missing in ("car/grille/none", "car/none/closed", "boat/grille/closed", "car/roof/glass"):
            assert shop.get(f"/options/{missing}.png").status_code == 404
    finally:
        option_pictures.option_pictures.cache_clear()
