"""What a person does and sees on any page of the app."""

import re

import numpy as np
from playwright.sync_api import expect

# The grey levels of a canvas.
GREYS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return Array.from(data).filter((_, i) => i % 4 === 0);
}"""

# How many pixels of the map's still canvas have each of these colours.
DRAWN_IN = """(colours) => {
  const canvas = document.querySelector(".map .overlay");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = new Map();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] < 255) continue;
    const colour = `rgb(${data[i]}, ${data[i + 1]}, ${data[i + 2]})`;
    found.set(colour, (found.get(colour) ?? 0) + 1);
  }
  return colours.map((colour) => found.get(colour) ?? 0);
}"""


def painted(page) -> None:
    """Wait until everything asked for so far is on the screen."""
    page.evaluate("() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")


def until(page, holds) -> None:
    """Wait until `holds()`: for what follows in its own time, and no element's text shows."""
    for _ in range(600):
        painted(page)
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("It never came to hold.")


def greys(page, selector: str) -> np.ndarray:
    """What is on a canvas, (H * W)."""
    painted(page)
    return np.array(page.locator(selector).first.evaluate(GREYS))


def drawn_in(page, *colours: str) -> list[int]:
    """How many pixels of the map's still canvas have each colour, as `rgb(0, 0, 0)`."""
    painted(page)
    return page.evaluate(DRAWN_IN, colours)


def accent(page) -> str:
    """The theme's accent, as `rgb(0, 0, 0)`: the colour of the pins on the map."""
    return page.evaluate(
        """() => {
          const i = document.querySelector(".atelier").appendChild(document.createElement("i"));
          i.style.color = "var(--accent)";
          const { color } = getComputedStyle(i);
          i.remove();
          return color;
        }"""
    )


def drag(page, element, *places: tuple[float, float], release: bool = True) -> None:
    """Press on an element and move through places, each in shares of its width and height."""
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=4)
    if release:
        page.mouse.up()


def address(page) -> str:
    """What stands in the address bar now; Playwright's own `url` lags behind."""
    painted(page)
    return page.evaluate("location.href")


STATE = """() => JSON.parse(JSON.stringify(document.querySelector(".atelier").atelier.now,
  (_, v) => (ArrayBuffer.isView(v) ? Array.from(v) : v)))"""


def state(page) -> dict:
    """The page's state, as it stands now."""
    painted(page)
    return page.evaluate(STATE)


def linked(page, key: str = "z") -> np.ndarray:
    """The numbers that the address gives for `key`."""
    return np.float32(re.search(rf"[?&#]{key}=([^&]*)", address(page)).group(1).split(","))


def downloaded(page, button):
    """What a press on a button gives to keep."""
    with page.expect_download() as download:
        button.click()
    return download.value


def enlarge_film(page, scale: int) -> None:
    """Set how large the films of Morph are drawn."""
    page.get_by_label("Settings of films and strips").first.click()
    field = page.locator(".morph .film-settings input[max='64']")
    field.fill(str(scale))
    field.press("Tab")
    page.keyboard.press("Escape")


def count_frames(page) -> None:
    """From now on, count what the page sends to its server."""
    page.evaluate(
        """() => {
          window.sent = 0;
          const { send } = WebSocket.prototype;
          WebSocket.prototype.send = function (...data) {
            window.sent++;
            return send.apply(this, data);
          };
        }"""
    )


def fits(page) -> bool:
    """Whether nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def expect_fingers_fit(page, buttons: str) -> None:
    """Every button on show is large enough for a finger."""
    heights = (
        page.locator(buttons)
        .locator("visible=true")
        .evaluate_all("all => all.map((e) => e.getBoundingClientRect().height)")
    )
    assert min(heights) >= 40


def expect_near(page, digit: int) -> None:
    """All eight known codes on show are of this class, whatever their distance."""
    near = page.locator(".map .thumbs .thumb:visible")
    expect(near).to_have_text([re.compile(rf"^{digit}, [\d.]+ σ$")] * 8)
