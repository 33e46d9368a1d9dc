"""How the studio looks: Gradio's theme, our style sheet, and the scripts of the 3D view and the sliders."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

STATIC = files(__package__) / "static"
SCRIPTS = ("viewer.js", "outbox.js", "sliders.js")


def theme() -> Any:
    """Quiet paper and ink; no font or picture from outside."""
    import gradio as gr

    sans = ["Inter", "Segoe UI", "Helvetica Neue", "Noto Sans CJK SC", "Arial", "sans-serif"]
    made = gr.themes.Base(
        primary_hue=gr.themes.colors.orange,
        neutral_hue=gr.themes.colors.zinc,
        font=sans,
        font_mono=["ui-monospace", "Consolas", "monospace"],
        radius_size=gr.themes.sizes.radius_md,
    )
    return made.set(
        body_background_fill="#f5f5f2",
        body_background_fill_dark="#f5f5f2",
        block_background_fill="#ffffff",
        block_border_color="#dfe2e6",
        body_text_color_subdued="#5b626d",
        input_placeholder_color="#6c737c",
        block_label_text_color="#5b626d",
        block_info_text_color="#5b626d",
        block_title_text_color="#17191d",
        block_title_text_weight="600",
        body_text_size="14px",
        button_primary_background_fill="#c8481f",
        button_primary_background_fill_hover="#ad3c17",
        button_primary_text_color="#ffffff",
        button_secondary_background_fill="#ffffff",
        button_secondary_border_color="#c9cdd3",
        button_secondary_text_color="#17191d",
        button_border_width="1px",
        slider_color="#c8481f",
        input_background_fill="#ffffff",
        input_border_color="#c9cdd3",
        input_border_width="1px",
    )


def css() -> str:
    """The style sheet."""
    return (STATIC / "studio.css").read_text(encoding="utf-8")


def head() -> str:
    """Scripts that the page carries; the studio has one light look, whatever the machine prefers.

    The 3D view gets the light and the materials of the rendered pictures.
    """
    import json

    from ...design.rendering.studio_light import STUDIO

    light = f"<script>window.MQ = {{ studio: {json.dumps(STUDIO)} }};</script>"
    scripts = light + "".join(
        f"<script>{(STATIC / name).read_text(encoding='utf-8')}</script>" for name in SCRIPTS
    )
    return scripts + '<meta name="color-scheme" content="light"><meta name="referrer" content="no-referrer">'


def viewer(words: Any, **more: Any) -> Any:
    """The 3D view. Its value: ``url`` of a GLB, ``name``, ``ghost`` (another one), ``dims``, ``note``."""
    import html
    import json

    import gradio as gr

    names = ("corner", "side", "front", "rear", "top", "behind", "section", "along", "across", "dims")
    texts = dict(words.some(*names, "nowebgl", "gone", "making"))
    texts |= {"label": words.viewer, "empty": words.model_empty}
    data = html.escape(json.dumps(texts, ensure_ascii=False), quote=True).replace("{", "&#123;")
    return gr.HTML(
        value=None,
        padding=False,
        html_template=f'<div class="mq-viewer" data-words="{data}"></div>',
        js_on_load="window.MQ.viewer(element, props, watch);",
        **more,
    )


def sliders(**more: Any) -> Any:
    """Every parameter of a design as a slider; its event is ``move``, the rest are edits."""
    import gradio as gr

    return gr.HTML(
        value=None,
        padding=False,
        html_template='<div class="mq-sliders"></div>',
        js_on_load="/* 'move' */ window.MQ.sliders(element, props, trigger, watch);",
        **more,
    )


def outbox(frame: dict[str, Any], **more: Any) -> Any:
    """Edits on their way: events ``edit`` and ``refresh``; the value's ``done`` is the edit last kept."""
    import gradio as gr

    return gr.HTML(
        value=frame,
        padding=False,
        html_template='<div class="mq-outbox" role="status"></div>',
        js_on_load="/* 'edit' 'refresh' */ window.MQ.outbox(element, props, trigger, watch);",
        **more,
    )


def panel(value: str = "", edits: str = "", **more: Any) -> Any:
    """HTML made by us from escaped texts; what is pressed or changed in it comes as the event ``act``.

    Args:
        edits: the kind of edit that it is instead (:mod:`.edits`).
    """
    import gradio as gr

    return gr.HTML(
        value,
        padding=False,
        elem_classes=["mq-panel"],
        js_on_load=f"/* 'act' */ window.MQ.panel(element, trigger, {edits!r}, watch);",
        **more,
    )
