"""The command line: arguments in, one verb called, its result shown, its exit code returned.

Nothing is decided here: every command calls the function of the same name in :mod:`..verbs`. Heavy modules
load when a verb needs them, so ``maquette --help`` answers at once.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, TextIO

from ...design.environment import check_environment
from ...design.errors import InputError, MaquetteError, UnfinishedError
from ...design.messages import one_line, say, with_ids
from ..output import clean_stdout, plain
from ..progress import Progress, shown
from ..results import BAD_INPUT, DONE, INTERRUPTED, UNFINISHED, Result
from .calling import add_reading, brief_of, calling, options, whole
from .concepts import add_concept_commands, add_concept_stage
from .studio import add_studio_command
from .table import add_train_command

OF_A_SHAPE = ("family", "units", "up", "forward")  # options that a design has no use for
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # no room for what is to be written


class _Parser(argparse.ArgumentParser):
    """argparse that answers a mistake with one line."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message} (see `{self.prog} --help`)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = sys.argv[1:] if argv is None else list(argv)
    as_json = "--json" in words
    signal.signal(signal.SIGTERM, _interrupt)
    with clean_stdout() as out:
        try:
            arguments = _parse(words, out)
            if arguments is None:
                return DONE
            check_environment()
            with shown() as progress:
                result: Result = arguments.run(arguments, progress)
            _show(result, as_json, out)
            return result.exit_code
        except BrokenPipeError:  # the reader of stdout has gone: `maquette families | head -1`
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
            return UNFINISHED
        except (Exception, KeyboardInterrupt) as error:
            code, text = _explained(error, words)
            return _failed(code, type(error).__name__, text, as_json, out)


def _explained(error: BaseException, words: Sequence[str]) -> tuple[int, str]:
    """Exit code and one line for whatever stopped a command."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, f"interrupted: {_saved(error, words)}"
    if isinstance(error, MaquetteError):
        kept = f"; {_kept(words)}" if isinstance(error, UnfinishedError) else ""
        return error.exit_code, error.message + kept
    if isinstance(error, OSError) and error.errno in _FULL:
        return UNFINISHED, f"{error.filename or 'a file'}: {error.strerror}; {_kept(words)}"
    if isinstance(error, MemoryError):
        return UNFINISHED, f"needed more memory than there is; {_kept(words)}"
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return BAD_INPUT, f"{where}{error.strerror or error}"
    return UNFINISHED, f"internal error ({type(error).__name__}: {error}); details in {_save_traceback()}"


def _parse(words: Sequence[str], out: TextIO) -> argparse.Namespace | None:
    parser = build_parser()
    with redirect_stdout(out):
        try:
            arguments = parser.parse_args(words)
        except SystemExit:  # --help and --version have printed
            return None
        if not hasattr(arguments, "run"):
            parser.print_help()
            return None
    return arguments


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; each command's `run` default calls the verb of its name."""
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument(
        "--json", action="store_true", help="print one JSON object on stdout and nothing else"
    )
    common.add_argument(
        "--seed", type=whole, metavar="S", help="makes a run repeatable (default: the brief's, else 0)"
    )
    parser = _Parser(
        prog="maquette",
        description="From a sentence to a car body with checked numbers: design, predict, verify.",
        epilog="Exit codes: 0 done and all hard requirements met; 1 done, but a requirement or check failed; "
        "2 bad input; 3 a component is missing; 4 the work could not be finished (a process died, a limit on "
        "time, a full disk: it says why and what is kept); 130 interrupted, work saved. On a slow machine "
        "MAQUETTE_PATIENCE=4 gives every step four times as long.",
        parents=[common],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, help="print the version and leave")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)

    def command(
        name: str, text: str, run: Callable[[Any, Progress], Result] | None = None
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name, help=text, description=f"{text[0].upper()}{text[1:]}.", parents=[common], allow_abbrev=False
        )
        made.set_defaults(run=run or calling(name))
        return made

    _add_design_commands(command)
    add_concept_commands(command)
    _add_evidence_commands(command)
    add_train_command(command)
    add_studio_command(command)
    command("families", "list the installed product families")
    command("doctor", "list what is installed, with versions, and what is missing")
    return parser


def _add_design_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    p = command("read", "what is understood of a brief, what is asked, and nothing else")
    _brief(p)

    p = command("edit", "change a design by words: 'lower the roof by 20 mm, keep the wheelbase'")
    _design_file(p)
    p.add_argument("words", metavar="WORDS", help="English or Chinese; 'undo that' takes the last edit back")
    p.add_argument("--out", type=Path, required=True, metavar="FILE", help="the design file to write")
    p.add_argument("--assume", action="store_true", help="go on where a question is open")

    p = command("design", "the main job: from a brief to a verified release", calling("design", briefed=True))
    _brief(p)
    _out(p)
    p.add_argument("--trials", type=whole, metavar="N", help="search trials (default 300)")
    p.add_argument("--workers", type=whole, default=1, metavar="N", help="processes (1: repeatable)")
    add_concept_stage(p)
    _model(p)

    p = command("sample", "random valid designs of a family")
    p.add_argument("family", metavar="FAMILY")
    p.add_argument("-n", type=whole, default=12, metavar="N", help="how many (default 12)")
    p.add_argument("--build", action="store_true", help="also build each exactly and check its solids")
    _out(p)

    p = command("build", "STEP, GLB, STL, pictures and measures of one design")
    _design_file(p)
    _out(p)
    p.add_argument(
        "--palette", metavar="NAME", default="", help="paint of the pictures (default: the family's)"
    )
    p.add_argument(
        "--surface-report",
        action="store_true",
        help="also judge the exact faces: edges, waves, zebra pictures",
    )

    p = command("assess", "every requirement of a brief on one design, with margin and reason", _assess)
    _design_file(p)
    _brief(p)
    p.add_argument("--fast", action="store_true", help="measure the fast mesh instead of the exact solid")
    _model(p)

    p = command(
        "optimise",
        "search the family for designs that meet a brief; resumable",
        calling("optimise", briefed=True),
    )
    _brief(p)
    _out(p)
    p.add_argument("--trials", type=whole, metavar="N", help="trials in all (default 300)")
    p.add_argument("--start", type=Path, metavar="DESIGN", help="a design file to start from")
    p.add_argument("--storage", metavar="URL", help="Optuna storage (default: a journal in --out)")
    p.add_argument("--study", metavar="NAME", help="study to make or go on with (default: from the brief)")
    p.add_argument("--workers", type=whole, default=1, metavar="N", help="processes (1: repeatable)")
    p.add_argument(
        "--verify-top",
        type=whole,
        default=0,
        metavar="K",
        help="simulate the K best: how far was the model off?",
    )
    p.add_argument("--fidelity", "--mesh", default="", metavar="F", help="of those simulations")
    p.add_argument("--loosen", action="store_true", help="when nothing passes, take the cheapest way out")
    p.add_argument(
        "--prices", dest="priced", action="store_true", help="say what each lock and binding limit costs"
    )
    p.add_argument(
        "--sampler",
        default="screening",
        metavar="NAME",
        help="screening (ours), tpe, gp, nsgaii, nsgaiii, cmaes, qmc, random, or hub:PACKAGE of OptunaHub",
    )
    _model(p)

    p = command("verify", "re-import a release, recompute everything and compare")
    p.add_argument("release", type=Path, metavar="RELEASE", help="a release folder or its zip")


def _add_evidence_commands(command: Callable[..., argparse.ArgumentParser]) -> None:
    p = command(
        "predict",
        "performance of a design, of any shape, or of a table's rows, with interval, domain and evidence",
        _predict,
    )
    p.add_argument(
        "design",
        type=Path,
        metavar="DESIGN",
        help="a design file (.json), a shape (.stl, .obj, .ply, .off, .glb, .step), or a table (.csv) for a "
        "model that `train` made",
    )
    p.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="of a table: also write it with its predictions; of a shape: write the family's nearest design",
    )
    _shape(p)
    p.add_argument(
        "--fields",
        type=Path,
        metavar="FILE",
        help="also write where the surface wants to move for better performance: .vtp (ParaView) or .png; of "
        "a shape: its surface pressure",
    )
    _model(p)

    p = command("simulate", "one simulation of a design or any shape, added to the local dataset", _simulate)
    p.add_argument(
        "design", type=Path, metavar="DESIGN", help="a design file (.json), or a shape (.stl, ...)"
    )
    _study(p)
    _shape(p)
    p.add_argument("--keep", type=Path, metavar="DIR", help="leave the solver's files in this folder")

    p = command("campaign", "many simulations of a space-filling plan; resumable")
    p.add_argument("family", metavar="FAMILY")
    p.add_argument("-n", type=whole, default=16, metavar="N", help="designs in the plan (default 16)")
    _study(p)
    p.add_argument("--workers", type=whole, metavar="N", help="runs side by side (default: cores)")
    p.add_argument("--scheduler", metavar="ADDRESS", help="a dask scheduler to run on")
    _out(p)


def _brief(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "brief",
        metavar="BRIEF",
        help="words, a file of words (.txt, .md, @FILE, - for stdin), or .toml, .json",
    )
    add_reading(p)


def _out(p: argparse.ArgumentParser) -> None:
    p.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")


def _design_file(p: argparse.ArgumentParser) -> None:
    p.add_argument("design", type=Path, metavar="DESIGN", help="a design file (.json)")


def _model(p: argparse.ArgumentParser) -> None:
    p.add_argument("--model", type=Path, metavar="DIR", help="a trained surrogate instead of the shipped one")


def _shape(p: argparse.ArgumentParser) -> None:
    of = p.add_argument_group("of a shape", "guessed, and said, where left out")
    of.add_argument("--family", default="", metavar="F", help="whose models answer, whose bodies are near")
    of.add_argument("--units", "--unit", default="", metavar="U", help="mm, cm, m, in or ft")
    of.add_argument("--up", default="", metavar="AXIS", help="of the file: x, -x, y, -y, z, -z (as --up=-y)")
    of.add_argument("--forward", default="", metavar="AXIS", help="where the nose points, as --forward=-x")


def _study(p: argparse.ArgumentParser) -> None:
    p.add_argument("--study", default="", metavar="S", help="one of the family's (default: its first)")
    p.add_argument(
        "--fidelity", "--mesh", default="", metavar="F", help="of the study (default: its usual one)"
    )


class _Version(argparse.Action):
    """`--version`, its metadata read only when asked."""

    def __init__(self, option_strings: Sequence[str], dest: str, **kwargs: Any) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"maquette {version('maquette')}\n")
        parser.exit()


# -- commands that ask what they were given first -------------------------------------------------------


def _assess(a: Any, progress: Progress) -> Result:
    from ..inputs import complete_design
    from ..verbs import assess

    design = complete_design(a.design)
    return assess(design, brief_of(a, design.family), exact=not a.fast, model=a.model, progress=progress)


def _predict(a: Any, progress: Progress) -> Result:
    from ..verbs import is_shape, is_table, predict, predict_shape, predict_table

    if is_shape(a.design):
        return predict_shape(a.design, **options(a, ("design",)), progress=progress)
    _no_shape(a)
    if is_table(a.design):
        return predict_table(a.design, a.model, out=a.out, progress=progress)
    if a.out:
        raise InputError(say("--out goes with a table or a shape; {path} is none", path=a.design))
    return predict(a.design, model=a.model, fields=a.fields, progress=progress)


def _simulate(a: Any, progress: Progress) -> Result:
    from ..verbs import is_shape, simulate, simulate_shape

    if is_shape(a.design):
        return simulate_shape(a.design, **options(a, ("design",)), progress=progress)
    _no_shape(a)
    return simulate(**options(a, OF_A_SHAPE), progress=progress)


def _no_shape(a: Any) -> None:
    for name in OF_A_SHAPE:
        if getattr(a, name):
            raise InputError(say("--{name} goes with a shape; {path} is none", name=name, path=a.design))


# -- what comes out --------------------------------------------------------------------------------------


def _show(result: Result, as_json: bool, out: TextIO) -> None:
    if as_json:
        out.write(json.dumps(with_ids(plain(result)), indent=2, allow_nan=False) + "\n")
    else:
        from .tables import show

        show(result, out)
    out.flush()


def _failed(code: int, kind: str, text: str, as_json: bool, out: TextIO) -> int:
    line = one_line(text)
    sys.stderr.write(f"maquette: {line}\n")
    if as_json:
        failed = {"error": {"kind": kind, "message": line, "exit_code": code}}
        out.write(json.dumps(with_ids(failed)) + "\n")
        out.flush()
    return code


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _saved(stop: KeyboardInterrupt, words: Sequence[str]) -> str:
    """What is left after an interruption, in words."""
    return str(stop.args[0]) if stop.args else _kept(words)


def _kept(words: Sequence[str]) -> str:
    out = next((words[k + 1] for k, w in enumerate(words[:-1]) if w == "--out"), None)
    return (
        f"what was finished is in {out}; the same command goes on or starts again"
        if out
        else "nothing was changed"
    )


def _save_traceback() -> str:
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="maquette-error-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            traceback.print_exc(file=file)
            return file.name
    except OSError:
        return "no file (the temporary folder cannot be written)"


if __name__ == "__main__":
    raise SystemExit(main())
