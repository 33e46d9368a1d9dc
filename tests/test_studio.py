"""The studio without a browser: what pages are made of, what is handed out, and the public endpoints."""

from __future__ import annotations

import base64
import json
import string
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from studio_server import studio

from maquette.design.errors import InputError, MaquetteError
from maquette.design.family.records import Design
from maquette.design.family.registry import get_family
from maquette.ui import briefing

SENTENCE = "a low fastback under 4.7 m, drag coefficient at most 0.30, <b>zorp</b> wings"
ENDPOINTS = {
    "new_session", "read_brief", "start_design", "set_parameters", "edit", "try_parameters", "sketch",
    "optimise",
    "simulate", "release", "job", "cancel", "choose", "decisions", "undo", "upload",
}  # fmt: skip


@pytest.fixture(scope="module")
def web() -> Any:
    """The web package; what Gradio and its libraries warn about while they load is not ours to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from maquette.ui.messages import words
        from maquette.ui.web import bodies, brief, design_view, desk, parts, server

    return SimpleNamespace(
        bodies=bodies, brief=brief, view=design_view, desk=desk, parts=parts, server=server, words=words
    )


# -- the brief on the desk -----------------------------------------------------------------------------


def test_a_loosened_limit_stays_loosened() -> None:
    draft = briefing.draft_from_text(SENTENCE)
    index = next(k for k, r in enumerate(draft.brief.requirements) if r.quantity == "overall_length")
    loose = briefing.with_limit(draft, index, "at_most", "4.9 m")
    again = briefing.Draft.from_json(json.loads(json.dumps(loose.to_json())))
    assert again == loose
    assert again.brief.requirements[index].at_most == 4900.0


def test_a_brief_for_a_job_does_not_carry_the_words() -> None:
    """A job that read the words again would tighten what was loosened."""
    from maquette.constraints.requirements.brief_files import brief_from_data

    draft = briefing.draft_from_text(SENTENCE)
    index = next(k for k, r in enumerate(draft.brief.requirements) if r.quantity == "overall_length")
    loose = briefing.with_limit(draft, index, "at_most", "4.9 m")
    read = brief_from_data({**loose.brief.to_json(), "prompt": ""}).brief
    assert {r.quantity: r.at_most for r in read.requirements}["overall_length"] == 4900.0


def test_what_cannot_hold_together_is_refused_and_named() -> None:
    draft = briefing.draft_from_text(SENTENCE)
    with pytest.raises(InputError, match="overall length"):
        briefing.with_requirement(draft, "overall_length", "at_least", "5.1 m")


def test_loosening_a_missed_limit_makes_it_hold() -> None:
    draft = briefing.draft_from_text("a car at most 4.2 m long with a luggage volume of at least 900 litres")
    design = briefing.starting_design(draft)
    missed = [
        v for v in draft.product.assignment(draft.parsed).assess(design.parameters).verdicts if not v.passed
    ]
    assert missed, "the brief was meant to ask for more luggage than the start has"
    for verdict in missed:
        draft = briefing.loosened(draft, verdict)
    assert all(v.passed for v in draft.product.assignment(draft.parsed).assess(design.parameters).verdicts)


def test_the_middle_of_two_designs() -> None:
    car = get_family("car")
    a, b = ({**car.defaults(), "wheelbase": w} for w in (2600.0, 2800.0))
    assert briefing.halfway(Design("car", a), Design("car", b)).parameters["wheelbase"] == 2700.0
    with pytest.raises(InputError, match="one family"):
        briefing.halfway(Design("car", a), Design("ahmed", get_family("ahmed").defaults()))


# -- what pages are made of ----------------------------------------------------------------------------


def test_every_text_stands_in_both_languages_with_the_same_fields(web: Any) -> None:
    def fields(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    for name, (english, chinese) in web.words.TEXTS.items():
        assert english, name
        assert chinese, name
        assert fields(english) == fields(chinese), name
    zh = web.words.Words("zh")
    unnamed = [p.name for p in get_family("car").parameters if zh.name(p.name) == p.name.replace("_", " ")]
    assert unnamed == []


def test_what_people_wrote_is_escaped(web: Any) -> None:
    draft = briefing.draft_from_text('a low fastback <img src=x onerror="alert(1)"> under 4.7 m')
    shown = web.brief.chips(draft, web.words.Words("en"))
    assert "<img" not in shown
    assert web.parts.say('<script>"x"</script>', "bad").count("<script>") == 0


def test_the_bodies_of_the_view_are_the_fast_mesh(web: Any, tmp_path: Path) -> None:
    car = get_family("car")
    parts = car.mesh(car.defaults())
    file = tmp_path / "body.glb"
    file.write_bytes(web.bodies.light_glb(parts))
    document = json.loads(file.read_bytes()[20 : 20 + int.from_bytes(file.read_bytes()[12:16], "little")])
    assert [n["name"] for n in document["nodes"]] == [p.name for p in parts]
    low, high = (np.array([document["accessors"][0][k]]) for k in ("min", "max"))
    vertices = parts[0].mesh.vertices * 1e-3
    size = np.ptp(vertices, axis=0)
    assert np.allclose((high - low)[0], [size[1], size[2], size[0]], atol=1e-5)


def test_the_view_has_the_light_and_materials_of_the_pictures(web: Any) -> None:
    from maquette.design.rendering.shading import GLASS, PANE, SHINING
    from maquette.design.rendering.studio_light import STUDIO
    from maquette.ui.web import look as web_look

    head = web_look.head()
    assert json.dumps(STUDIO) in head
    assert head.index("studio:") < head.index("MQ.viewer"), "before the script that needs it"
    car = get_family("car")
    data = web.bodies.light_glb(car.mesh(car.defaults()))
    document = json.loads(data[20 : 20 + int.from_bytes(data[12:16], "little")])
    looks = {n["name"]: m["extras"] for n, m in zip(document["nodes"], document["materials"], strict=True)}
    assert looks["windscreen"] == {"gloss": GLASS.gloss, "f0": GLASS.f0, "kind": PANE}
    assert SHINING in {look["kind"] for look in looks.values()}


def test_a_body_has_one_key_and_old_ones_are_dropped(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.bodies, "KEPT", 3)
    monkeypatch.setattr(web.bodies, "KNOWN", 20)
    shelf = web.bodies.Bodies()
    ahmed = get_family("ahmed")
    values = ahmed.defaults()
    first = shelf.put("ahmed", values)
    assert shelf.put("ahmed", dict(reversed(values.items()))) == first
    body = shelf.get(first)
    assert body == web.bodies.light_glb(ahmed.mesh(values))
    assert shelf.get(first) is body
    name = next(iter(values))
    others = [shelf.put("ahmed", {**values, name: values[name] + 0.01 * (k + 1)}) for k in range(19)]
    for key in others[:3]:
        assert shelf.get(key)
    again = shelf.get(first)
    assert again == body
    assert again is not body  # made anew: only so many are kept
    shelf.put("ahmed", {**values, name: values[name] - 0.01})
    assert all(shelf.get(key) for key in others)
    assert shelf.get(first) is None


def test_bodies_are_the_same_from_a_process_of_their_own(web: Any) -> None:
    ahmed = get_family("ahmed")
    pool = web.bodies.maker()
    shelf = web.bodies.Bodies(pool)
    try:
        key = shelf.put("ahmed", ahmed.defaults())
        assert shelf.get(key) == web.bodies.body_glb("ahmed", ahmed.defaults(), "")
        wrong = shelf.put("ahmed", {"length": 1044.0})  # half a design
        with pytest.raises(MaquetteError):
            shelf.get(wrong)
        assert shelf.get(shelf.put("ahmed", {**ahmed.defaults(), "slant_angle": 20.0}))
    finally:
        shelf.close()


def test_turns_come_in_the_order_in_which_they_were_asked_for(web: Any) -> None:
    turns, order, threads = web.desk.Turns(), [], []

    def take(k: int) -> None:
        with turns:
            order.append(k)

    with turns:
        for k in range(8):
            threads.append(threading.Thread(target=take, args=(k,)))
            threads[-1].start()
            while len(turns._waiting) <= k:
                time.sleep(0.001)
        assert order == []
    for thread in threads:
        thread.join(30.0)
    assert order == list(range(8))
    with turns:
        pass


@pytest.mark.parametrize("span", [0.09, 0.5, 1.0, 4.0, 25.0, 90.0, 350.0, 1050.0])
def test_slider_steps_are_fine_enough_to_feel_continuous(web: Any, span: float) -> None:
    step = web.view.step_of(span)
    assert span / step >= 80
    assert np.isclose(np.log10(step / (5 if f"{step:g}"[-1] == "5" else 1)) % 1.0, [0.0, 1.0]).any()


# -- what the server hands out -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with studio(tmp_path_factory.mktemp("studio")) as address:
        yield address


def fetched(url: str, **headers: str) -> tuple[int, Any, bytes]:
    """Status, headers and body of a GET."""
    try:
        asked = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own loopback address
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.mark.slow
def test_the_page_names_no_other_server_and_forbids_asking_one(served: str) -> None:
    for path in ("/", "/zh/"):
        status, headers, page = fetched(served + path)
        assert status == 200
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http:" not in policy
        assert "https:" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert b'<script src="http' not in page
        assert b"fonts.googleapis" not in page


#: at every start of Python in the studio and its jobs: who is asked for is written down
LISTENER = """
import os, sys
def heard(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        with open(os.environ["MQ_HEARD"], "a") as out:
            out.write(f"{event} {args[0] if event.startswith('socket.get') else args[1]!r}\\n")
sys.addaudithook(heard)
"""


@pytest.mark.slow
def test_neither_the_server_nor_its_jobs_ask_anybody_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = tmp_path / "heard.txt"
    (tmp_path / "listener").mkdir()
    (tmp_path / "listener" / "sitecustomize.py").write_text(LISTENER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "listener"))
    monkeypatch.setenv("MQ_HEARD", str(heard))
    with studio(tmp_path / "studio") as address, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gradio_client import Client

        assert fetched(address + "/")[0] == 200
        client = Client(address, verbose=False)
        session = ask(client, "new_session")
        ask(client, "read_brief", session, "a low fastback")
        ask(client, "start_design", session)
        job = ask(client, "sketch", session, 1)
        assert finished(client, session, job["id"])["status"] == "done"
        probe = [sys.executable, "-c", "import socket; socket.getaddrinfo('localhost', 9)"]
        subprocess.run(probe, check=True, timeout=60)
    asked = heard.read_text().splitlines()
    assert "socket.getaddrinfo 'localhost'" in asked, "the listener must hear"
    ours = ("'127.0.0.1'", "'::1'", "'localhost'", "('127.0.0.1'", "('::1'", "'/")
    assert [line for line in asked if not line.split(" ", 1)[1].startswith(ours)] == []


@pytest.mark.slow
def test_nothing_outside_a_jobs_own_folder_is_handed_out(served: str) -> None:
    other, job = "0" * 32, "1" * 32
    for path in (
        f"/files/{other}/{job}/job.json",
        f"/files/{other}/{job}/..%2F..%2Fsessions",
        "/files/x/y/z",
        "/bodies/none.glb",
        "/gradio_api/file=/etc/passwd",
        "/zh/gradio_api/file=/etc/passwd",
    ):
        status, _, body = fetched(served + path)
        assert status in (403, 404), path
        assert b"root:" not in body


@pytest.mark.slow
def test_a_login_guards_everything(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("correct horse\n")
    with studio(tmp_path / "data", "--login", f"anna:{secret}") as address:
        for path in ("/", "/config", "/bodies/x.glb", "/gradio_api/info"):
            assert fetched(address + path)[0] == 401, path
        wrong = base64.b64encode(b"anna:wrong").decode()
        right = base64.b64encode(b"anna:correct horse").decode()
        assert fetched(address + "/", Authorization=f"Basic {wrong}")[0] == 401
        assert fetched(address + "/", Authorization=f"Basic {right}")[0] == 200


def test_a_login_without_a_password_is_refused(web: Any, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n")
    for text in ("anna", f"anna:{empty}", f":{empty}", f"anna:{tmp_path / 'none'}"):
        with pytest.raises(InputError, match="login"):
            web.server.read_login(text)


# -- the public endpoints ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(served: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gradio_client import Client

        return Client(served, verbose=False)


def ask(client: Any, name: str, *arguments: Any) -> Any:
    """Call an endpoint; the client's own warnings are not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return client.predict(*arguments, api_name=f"/{name}")


def finished(client: Any, session: str, job: str, seconds: float = 900.0) -> dict[str, Any]:
    """The job when it is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found: dict[str, Any] = ask(client, "job", session, job)
        if found["status"] not in ("queued", "running"):
            return found
        time.sleep(0.5)
    raise AssertionError(f"job {job} is still running after {seconds} s")


@pytest.mark.slow
def test_the_public_endpoints_are_these_and_each_says_what_it_does(client: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert {n.removeprefix("/") for n in named} == ENDPOINTS
    for name, about in named.items():
        assert about.get("description"), name


@pytest.mark.slow
@pytest.mark.kernel
def test_the_endpoints_do_the_whole_flow(served: str, client: Any) -> None:
    sid = ask(client, "new_session", "en")
    read = ask(client, "read_brief", sid, "a body with zorp", "ahmed")
    assert [h["phrase"] for h in read["not_understood"]]
    start = ask(client, "start_design", sid)
    name, value = next(iter(start["design"]["parameters"].items()))
    bounds = next(p.range for p in get_family("ahmed").parameters if p.name == name)
    goal = min(bounds.high, value + 0.05 * (bounds.high - bounds.low))
    changed = ask(client, "set_parameters", sid, {name: goal})
    assert changed["design"]["parameters"][name] == pytest.approx(goal)
    log = ask(client, "decisions", sid)
    assert [d["who"] for d in log] == ["designer", "brief", "designer"]
    worded = ask(client, "edit", sid, "slant angle 2 degrees less")
    assert worded["design"]["parameters"]["slant_angle"] == pytest.approx(
        changed["design"]["parameters"]["slant_angle"] - 2.0
    )
    job = finished(client, sid, ask(client, "release", sid)["id"])
    assert job["status"] == "done", job
    assert job["result"]["verified"] is True
    status, headers, step = fetched(served + job["files"]["release/model.step"])
    assert status == 200
    assert step.startswith(b"ISO-10303-21")
    assert "attachment" in headers["content-disposition"]
    stranger = ask(client, "new_session", "en")
    assert fetched(served + job["files"]["release/model.step"].replace(sid, stranger))[0] == 404
    back = ask(client, "undo", sid, 2)
    assert back["design"]["parameters"] == start["design"]["parameters"]


@pytest.mark.slow
def test_endpoint_errors_are_sentences(client: Any) -> None:
    sid = ask(client, "new_session", "en")
    for name, arguments, said in (
        ("read_brief", (sid, "", "car"), "brief is empty"),
        ("start_design", ("nonsense",), "is not an id"),
        ("set_parameters", (sid, {"wheelbase": 1.0}), "no design yet"),
        ("edit", (sid, "lower the roof by 20 mm"), "design"),
        ("job", (sid, "f" * 32), "is not known"),
        ("sketch", (sid, "many"), "count is 'many'; give a whole number"),
        ("optimise", (sid, 2.5, True), "trials is 2.5; give a whole number"),
        ("optimise", (sid, 10, "yes"), "from_design is 'yes'; give true or false"),
        ("read_brief", (sid, 7, "car"), "text is 7; give text"),
        ("read_brief", (None, "a car", "car"), "session is None; give text"),
        ("undo", (sid, "first"), "number is 'first'; give a whole number"),
        ("choose", (sid, "f" * 32, None), "is not known"),
        ("try_parameters", (sid, "wheelbase"), "no design yet"),
        ("upload", (sid, {"path": "/etc/hostname"}), "file is missing; send one with"),
        ("upload", (sid, None), "file is missing; send one with"),
    ):
        with pytest.raises(Exception, match=said) as raised:
            ask(client, name, *arguments)
        assert "Traceback" not in str(raised.value)
    ask(client, "read_brief", sid, "a body", "ahmed")
    ask(client, "start_design", sid)
    for wrong, said in (
        ("length", "give an object of name: number"),
        ({"length": "1 kg"}, "is a length, but"),
        ({"lenght": 1000}, "did you mean 'length'"),
        ({"length": None}, "is not a number"),
    ):
        with pytest.raises(Exception, match=said):
            ask(client, "set_parameters", sid, wrong)
    assert ask(client, "set_parameters", sid, {"length": "1.05 m"})["design"]["parameters"]["length"] == 1050


@pytest.mark.slow
def test_files_are_sent_to_the_endpoints(client: Any, tmp_path: Path) -> None:
    from gradio_client import handle_file

    sid = ask(client, "new_session", "en")
    family = get_family("ahmed")
    design = Design("ahmed", family.defaults() | {"length": 1050.0})
    (tmp_path / "mine.json").write_text(json.dumps(design.to_json()))
    taken = ask(client, "upload", sid, handle_file(tmp_path / "mine.json"))
    assert taken["design"]["parameters"]["length"] == 1050.0
    (tmp_path / "none.png").write_bytes(b"hello")
    with pytest.raises(Exception, match="not a picture"):
        ask(client, "upload", sid, handle_file(tmp_path / "none.png"))


@pytest.mark.slow
def test_the_page_of_the_api_is_found_from_the_studio_and_names_every_endpoint(served: str) -> None:
    status, _, page = fetched(served + "/api")
    assert status == 200
    for name in ENDPOINTS:
        assert f"/{name}(" in page.decode()
    assert f"Client(&quot;{served}&quot;)" in page.decode()
