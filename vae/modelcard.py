"""A model in words, as Markdown that the Hugging Face hub shows as its page.

https://huggingface.co/docs/hub/model-cards
"""

import json
from typing import Any

from vae.card import Card
from vae.code import free, summary

TAGS = ("vae", "variational-autoencoder", "vae-atelier")
OPENING = """```sh
pip install huggingface_hub
hf download {place} --local-dir {name}
python app.py {name}
```"""


def markdown(card: Card, name: str) -> str:
    """The page of a bundle whose folder is `name`."""
    return "\n".join(
        [
            *front_matter(card),
            f"# {card.title}",
            "",
            card.description,
            "Made with VAE Atelier, a workshop for latent spaces in the browser.",
            "",
            *table("what it is", facts(card)),
            *table("how good it is", figures(card)),
            "## How it was trained",
            "",
            f"```sh\n{card.training.get('command', 'unknown')}\n```",
            "",
            *table("setting", settings(card)),
            "## How to open it",
            "",
            OPENING.format(place=f"YOU/{name}", name=name),
            "",
            f"It knows {card.data['title']} alone. Whatever it is given, it answers with something "
            "like these.",
            "",
        ]
    )


def front_matter(card: Card) -> list[str]:
    """YAML; a JSON string is one of its strings."""
    data = json.dumps(str(card.data["name"]), ensure_ascii=False)
    return [
        "---",
        "library_name: vae-atelier",
        "pipeline_tag: unconditional-image-generation",
        "tags:",
        *(f"- {tag}" for tag in TAGS),
        "datasets:",
        f"- {data}",
        "---",
        "",
    ]


def facts(card: Card) -> dict[str, str]:
    data, image = card.data, " x ".join(map(str, card.model["image"]))
    return {
        "code": f"{free(card.code).sum()} latent dimensions: {summary(card.code)}",
        "images": f"{image} (channels x height x width)",
        "likelihood": card.model["likelihood"],
        "trained on": f"{data['title']}, {data['split']} split, n = {data['n']}",
        "licence of the data": data["licence"],
        "files": "bundle.json and two safetensors files; nothing in them can run code",
    }


def figures(card: Card) -> dict[str, str]:
    return {name.replace("_", " "): describe(m) for name, m in card.metrics.items()}


def settings(card: Card) -> dict[str, str]:
    return {k.replace("_", " "): str(v) for k, v in card.training.items() if k != "command"}


def describe(m: dict[str, Any]) -> str:
    """A measured figure with all that belongs to it."""
    error = f" ± {m['stderr']:.2g}" if m.get("stderr") else ""
    samples = f", K = {m['k']}" if m.get("k") else ""
    note = f", {m['note']}" if m.get("note") else ""
    note += f": {m['control']:.3g}" if m.get("control") is not None else ""
    return f"{m['value']:.4g}{error} {m['unit']} (n = {m['n']}{samples}, seed {m['seed']}{note})"


def table(head: str, rows: dict[str, str]) -> list[str]:
    """Nothing where there are no rows."""
    if not rows:
        return []
    lines = [f"| {k} | {str(v).replace('|', chr(92) + '|')} |" for k, v in rows.items()]
    return [f"| {head} | |", "|---|---|", *lines, ""]
