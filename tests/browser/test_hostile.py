"""Whatever a link or a file says, it is a value or it is refused; nothing of it is ever run."""

import json
from urllib.parse import urlencode

import pytest

from vae.pages import PAGES

from .conftest import LAPTOP, PATIENCE
from .hand import painted, until

# The names that a page looks for in its link; and what would have been run, if anything.
WATCH = """
  const { has } = URLSearchParams.prototype;
  window.asked = new Set();
  URLSearchParams.prototype.has = function (name) {
    window.asked.add(name);
    return has.call(this, name);
  };
  window.ran = 0;
"""
RUN = "window.ran++"
MARKUP = [
    f"<img src=x onerror={RUN}>",
    f"<script>{RUN}</script>",
    f"\"'><svg onload={RUN}>",
    f"javascript:{RUN}",
    f"${{{RUN}}}`);{RUN}//",
    f"</textarea><iframe srcdoc='<script>parent.{RUN}</script>'>",
]
NUMBERS = [
    "NaN",
    "1e999",
    "-1e308,1e308",
    "9" * 300,
    "@99999999999",
    "seed1e9t-1",
    "__proto__",
    "@-1",
]


@pytest.fixture
def hostile(app, chromium):
    """A function that opens a page with a query; and the page's errors and dialogs, which fail."""
    context = chromium.new_context(reduced_motion="reduce", viewport=LAPTOP)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(WATCH)
    page, faults = context.new_page(), []
    page.on("dialog", lambda dialog: faults.append(dialog.message) or dialog.dismiss())
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request", lambda one: one.url.startswith((app, "data:", "blob:")) or faults.append(one.url)
    )

    def visit(place, query):
        page.goto(f"{app}/{place}?{urlencode({'model': 'digits'} | query)}")
        page.locator(".atelier").first.wait_for(state="attached")
        until(page, lambda: page.evaluate("!!document.querySelector('.atelier')?.atelier"))
        return page

    yield visit
    context.close()
    assert not faults


def harmless(page) -> None:
    """Nothing of what was given has become an element or has run."""
    painted(page)
    assert page.evaluate("window.ran") == 0
    made = ".atelier :is(script, iframe, object, embed, img[src='x'], svg[onload], [onerror])"
    assert page.locator(made).count() == 0


def sentences(page) -> list[str]:
    """What the page says; each text ends as a sentence, before the button that puts it away."""
    notices = page.locator(".notice")
    notices.first.wait_for()
    said = [text.removesuffix("×").strip() for text in notices.all_inner_texts()]
    assert [text for text in said if not text.endswith(".")] == []
    return said


@pytest.mark.parametrize("key", PAGES)
def test_a_link_runs_nothing_and_a_sentence_says_what_it_could_not_use(hostile, key):
    path = PAGES[key].path
    names = hostile(path, {}).evaluate("[...window.asked]")
    assert "model" not in names
    for values in (MARKUP, NUMBERS):
        query = {name: values[i % len(values)] for i, name in enumerate(names)}
        page = hostile(path, query)
        assert sentences(page)
        harmless(page)


def test_a_link_to_a_model_that_is_markup_opens_another(hostile):
    page = hostile("explore", {"model": MARKUP[0]})
    assert any(MARKUP[0] in said for said in sentences(page))
    harmless(page)


def test_what_is_kept_in_the_browser_is_as_little_trusted(hostile):
    page = hostile("explore", {})
    names = {str(i): text for i, text in enumerate(MARKUP)} | {"__proto__": {"0": MARKUP[0]}}
    page.evaluate(
        """(names) => {
          for (const key of Object.keys(localStorage)) localStorage.setItem(key, names);
          for (const key of Object.keys(sessionStorage)) sessionStorage.setItem(key, names);
        }""",
        json.dumps(names),
    )
    harmless(hostile("explore", {}))


DEEP = "[" * 100_000
DIRECTION = {"format": 1, "weights": MARKUP[0], "name": MARKUP[1], "vector": MARKUP, "auc": "<b>"}
FILES = {
    "markup": json.dumps(DIRECTION),
    "its own name": json.dumps({**DIRECTION, "__proto__": {"format": 1}, "toString": MARKUP[0]}),
    "deep": DEEP,
    "numbers": json.dumps({**DIRECTION, "vector": [1e308] * 16, "n_with": 10**300}),
    "not a number": '{"format": NaN}',
    "a script": MARKUP[1],
    "nothing": "null",
}


def test_a_direction_of_markup_is_refused_in_a_sentence(hostile):
    page = hostile("directions", {})
    page.locator("[data-mode=file]").click()
    for i, text in enumerate(FILES.values()):
        file = {"name": f"{MARKUP[i % 2]}.json", "mimeType": "application/json"}
        page.locator(".do-load").set_input_files({**file, "buffer": text.encode()})
        page.locator(".notice").nth(i).wait_for()
        harmless(page)
    sentences(page)
