"""Pages from the templates in `templates`: self-contained, every text escaped by the engine."""

from __future__ import annotations

import base64
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def rendered(template: str, **values: Any) -> str:
    """The page of a template of that name with these values; the same values give the same bytes."""
    return _environment().get_template(template).render(**values)


def embedded(data: bytes, kind: str) -> str:
    """An image (`kind`: ``png``, ``svg+xml``) as an address that holds it."""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def spelled(value: Any) -> Any:
        """Escaped as `html.escape` does: releases are compared byte by byte with those of other versions."""
        return value if hasattr(value, "__html__") else Markup(escape(str(value)))  # noqa: S704

    return Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        finalize=spelled,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
