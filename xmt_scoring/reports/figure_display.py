"""Showing a figure of `figures.py`: in JupyterLab by its own extension, in our pages with its numbers as a table below it."""

from __future__ import annotations

import html
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from xmt_scoring.reports.tables import as_html

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TOP = 44  # pixels above a figure whose title stands above it: room for its legend
CONFIG = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtons": [["toImage"]],
    "locale": "zh-CN",
    "locales": {"zh-CN": {"dictionary": {"Download plot as a PNG": "存为图片", "Download plot as a png": "存为图片"}, "format": {}}},
}


@cache
def library() -> str:
    """plotly.js as text, to be embedded once in a page."""
    from plotly.offline import get_plotlyjs

    return get_plotlyjs()


def show(figure: Figure, name: str) -> None:
    """Display a figure; `name` becomes the element's id. In a page its title stands above it as text, which a narrow screen wraps,
    and is what screen readers read; the numbers that it draws (`layout.meta`: headings, then rows) stand below it, folded.
    """
    from IPython.display import display
    from plotly import graph_objects

    headings, *lines = figure.layout.meta
    figure.layout.meta = None
    bare = graph_objects.Figure(figure).update_layout(title=None, margin_t=TOP, height=figure.layout.height - (figure.layout.margin.t - TOP))
    markup = bare.to_html(full_html=False, include_plotlyjs=False, include_mathjax=False, div_id=name, config=CONFIG)
    title, source = (html.escape(each.text) for each in (figure.layout.title, figure.layout.title.subtitle))
    numbers = as_html(pd.DataFrame(lines, columns=list(headings), dtype="str"))
    markup = f'<div role="img" aria-label="{title}；{source}">{markup}</div><details class="xmt-drawn"><summary>图中的数</summary>{numbers}</details>'
    markup = f'<p class="xmt-figure">{title}</p><p class="xmt-source">{source}</p>{markup}'
    bundle = {"application/vnd.plotly.v1+json": {**figure.to_plotly_json(), "config": CONFIG}, "text/html": markup}
    display(_plain(bundle), raw=True)


def _plain(bundle: dict[str, Any]) -> dict[str, Any]:
    """The bundle with plain lists for arrays, as the notebook format wants them."""
    import json

    from plotly.utils import PlotlyJSONEncoder

    return json.loads(json.dumps(bundle, cls=PlotlyJSONEncoder))
