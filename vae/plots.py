"""Interactive plots as HTML pages of their own, which open from disk without a network (Plotly)."""

from collections.abc import Sequence

import numpy as np

from vae.atlas import Atlas


def map_page(xy: np.ndarray, atlas: Atlas, classes: Sequence[str], title: str) -> str:
    """The map of an atlas's codes at `xy` (N, 2): point at a code and read which example it is.

    Colours are of the class, or of any column of the atlas that has one number for each example.
    """
    import plotly.graph_objects as go

    named = [name_of(atlas, classes, i) for i in range(len(xy))]
    points = go.Scattergl(x=xy[:, 0], y=xy[:, 1], mode="markers", text=named, hoverinfo="text")
    figure = go.Figure(points)
    shadings = colourings(atlas)
    figure.update_traces(
        marker={"size": 4, **(shadings[0]["args"][0]["marker"] if shadings else {})}
    )
    figure.update_layout(
        title=title,
        template="plotly_white",
        xaxis={"visible": False},
        yaxis={"visible": False, "scaleanchor": "x"},
        updatemenus=[{"buttons": shadings, "x": 1, "xanchor": "right", "y": 1.08}],
    )
    return figure.to_html(include_plotlyjs=True)


def name_of(atlas: Atlas, classes: Sequence[str], i: int) -> str:
    name = f"example {atlas.index[i]}"
    if atlas.label is None or atlas.label[i] >= len(classes):
        return name
    return f"{name} ({classes[atlas.label[i]]})"


def colourings(atlas: Atlas) -> list[dict]:
    """What can be chosen to colour the points by, as the buttons of a Plotly menu."""
    made = [] if atlas.label is None else [colouring("class", atlas.label, "Rainbow", "")]
    for column, values in atlas.columns.items():
        if values.ndim == 1:
            made.append(colouring(column.title, values, "Viridis", column.unit))
    return made


def colouring(label: str, values: np.ndarray, scale: str, unit: str) -> dict:
    low, high = np.percentile(values, [2, 98])  # a few outliers do not take all the colours
    marker = {"size": 4, "color": values, "colorscale": scale, "cmin": low, "cmax": high}
    shown = {"showscale": bool(unit), "colorbar": {"title": unit}}
    return {"label": label, "method": "restyle", "args": [{"marker": marker | shown}]}
