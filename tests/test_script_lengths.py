"""No function of the browser side is longer than a screen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

LIVE = Path(__file__).parents[1] / "vae" / "live"
SCRIPTS = sorted(path.relative_to(LIVE).as_posix() for path in LIVE.rglob("*.js"))
LONGEST = 60  # lines

COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
STRING = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""", re.S)
TEMPLATE = re.compile(r"[`}](?:\\.|\$(?!\{)|[^\\`$])*(`|\$\{)", re.S)  # up to its next hole or end
PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[\n])+/\w*")
SIGN = re.compile(r"[\w$]+|=>|.", re.S)
BEFORE_PATTERN = {*"(,=:[!&|?{};", "=>", "return", ""}  # elsewhere a slash divides


def signs(text: str) -> Iterator[tuple[str, int]]:
    """The words and signs of a script and their lines; a string, template or pattern is one `"`."""
    opened, last, at = [], "", 0
    while at < len(text):
        if COMMENT.match(text, at) or text[at].isspace():
            at = (COMMENT.match(text, at) or SIGN.match(text, at)).end()
            continue
        sign, begin = text[at], at
        if sign == "`" or (sign == "}" and opened[-1] == "${"):
            piece = TEMPLATE.match(text, at)
            del opened[len(opened) - (sign == "}") :]
            opened += [piece[1]] * (piece[1] == "${")
            at, last = piece.end(), "" if piece[1] == "${" else '"'
        elif piece := STRING.match(text, at):
            at, last = piece.end(), '"'
        elif sign == "/" and last in BEFORE_PATTERN:
            at, last = PATTERN.match(text, at).end(), '"'
        else:
            last = SIGN.match(text, at)[0]
            at += len(last)
            opened += [last] * (last == "{")
            del opened[len(opened) - (last == "}") :]
        yield last, text.count("\n", 0, begin) + 1


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """The first and last line of each function with a body in braces, and of blocks in it."""
    opened, last, head = [], "", 0  # `head`: where the round bracket began that closed last
    for sign, line in signs(text):
        if sign in ("(", "[", "{"):
            begin = head if last == ")" else line
            opened.append((begin if sign == "{" else line, sign == "{" and last in (")", "=>")))
        elif sign in (")", "]", "}"):
            begin, is_body = opened.pop()
            head = begin if sign == ")" else head
            if is_body:
                yield begin, line
        if (last, sign) != (")", "=>"):  # an arrow's head is its parameters
            last = sign


TRICKY = r"""
export function first(a = "}", b = '{') { // }
  const c = a / 2 + b / 3, d = /[/}"`]\/{/g.test(a);
  return `{ ${[1].map((v) => {
    return `it's ${{ v }.v} }`;
  })} \` ${"`"}`;
}
class Second {
  #x = { y: 1 };
  z(
    given,
  ) {
    /* } */
    return (v) => ({ v });
  }
}
"""


def test_blocks_begin_and_end_where_they_should():
    assert sorted(blocks(TRICKY)) == [(2, 7), (4, 6), (10, 15)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_function_is_longer_than_a_screen(script):
    text = (LIVE / script).read_text("utf-8")
    found = [(begin, end) for begin, end in blocks(text) if end - begin >= LONGEST]
    assert found == [], f"live/{script}: lines {found}"
