"""The Markdown of lessons as nodes: text, and elements as [tag, node, …]."""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.token import Token

from vae.lessons.lesson import Node

MARKDOWN = MarkdownIt("commonmark").enable("table")
TAGS = {"p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "strong", "em"}
MEASURE = re.compile(r"\{([^{}]*)\}")

Say = Callable[[int, str], None]  # of what is wrong on a line


def nodes(text: str, line: int, say: Say) -> list[Node]:
    """The nodes of `text`, which begins on `line` of its file."""
    root: list[Node] = ["root"]
    fill(root, MARKDOWN.parse(text), line, say)
    return root[1:]


def words(text: str, line: int, say: Say) -> list[Node]:
    """A text that is one paragraph, without the paragraph."""
    made = nodes(text, line, say)
    return made[0][1:] if len(made) == 1 and made[0][0] == "p" else made


def fill(root: list[Node], tokens: list[Token], line: int, say: Say) -> None:
    opened = [root]
    for token in tokens:
        if token.type == "inline":
            fill(opened[-1], token.children, line + token.map[0], say)
        elif token.hidden:  # the paragraph of a tight list
            continue
        elif token.nesting == 1:
            opened.append([token.tag])
            opened[-2].append(opened[-1])
        elif token.nesting == -1:
            opened.pop()
        elif token.type in ("softbreak", "hardbreak"):
            opened[-1].append(" ")
            line += 1
        else:
            opened[-1] += leaf(token, line, say)
        if token.nesting == 1 and token.tag not in TAGS:
            say(line + (token.map or [0])[0], f"Markdown's {kind(token)} is not for lessons.")


def leaf(token: Token, line: int, say: Say) -> list[Node]:
    if token.type == "text":
        return measured(token.content)
    if token.type == "code_inline":
        return [["code", token.content]]
    say(line + (token.map or [0])[0], f"Markdown's {kind(token)} is not for lessons.")
    return []


def kind(token: Token) -> str:
    return token.type.removesuffix("_open").replace("_", " ")


def measured(text: str) -> list[Node]:
    """A text with what is to be measured in it: every second part stands in braces."""
    parts = MEASURE.split(text)
    made = [["measure", *part.split()] if i % 2 else part for i, part in enumerate(parts)]
    return [node for node in made if node]


def measures(nodes: list[Node]) -> list[list[str]]:
    """All that nodes have to measure, as [name, argument, …]."""
    found = []
    for node in nodes:
        if isinstance(node, list):
            found += [node[1:]] if node[0] == "measure" else measures(node[1:])
    return found
