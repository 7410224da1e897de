"""Who uses the app without a mouse, or without seeing it."""

from urllib.error import HTTPError
from urllib.parse import unquote
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from vae.pages import PAGES

from .hand import address, greys, state, until

OPEN = ".atelier:not([aria-busy])"


def address_of(key: str) -> str:
    return "" if key == next(iter(PAGES)) else PAGES[key].path


def type_of_focused(page) -> str:
    return page.evaluate("document.activeElement.type")


@pytest.mark.parametrize("key", PAGES)
def test_a_page_has_one_heading_with_its_name_and_one_main_part(visit, key):
    page = visit(address_of(key), ready=OPEN)
    expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[key].title)
    expect(page.get_by_role("main")).to_have_count(1)


WITH_SLIDERS = [
    address_of(key) for key in PAGES if key not in ("sheet", "models", "labels", "lessons", "train")
]
WITH_SLIDERS += ["sheet?part=traversals"]


@pytest.mark.parametrize("path", WITH_SLIDERS)
def test_the_first_slider_is_within_ten_stops_from_the_top(visit, path):
    page = visit(path, ready=OPEN)
    page.keyboard.press("Tab")
    for _ in range(9):
        if type_of_focused(page) == "range":
            break
        skips = page.evaluate("document.activeElement.textContent.startsWith('Skip to')")
        page.keyboard.press("Enter" if skips else "Tab")
    assert type_of_focused(page) == "range"


@pytest.mark.parametrize(("key", "stage"), [("explore", ".map .stage"), ("sheet", ".sheet-stage")])
def test_a_map_is_used_by_keys_alone(visit, key, stage):
    page = visit(address_of(key), ready=OPEN)
    focused = f"document.activeElement.matches('{stage}')"
    until(page, lambda: page.evaluate(focused) or page.keyboard.press("Tab"))
    page.locator(f"{stage}:not([aria-busy=true])").wait_for()
    before, picture = state(page)["code"], greys(page, ".frame canvas")

    def previews() -> None:
        for _ in range(4):
            page.keyboard.press("Shift+ArrowRight")
        until(page, lambda: (greys(page, ".frame canvas") != picture).any())

    previews()
    page.keyboard.press("Escape")
    until(page, lambda: (greys(page, ".frame canvas") == picture).all())
    assert state(page)["code"] == before
    previews()
    page.keyboard.press("Enter")
    until(page, lambda: state(page)["code"] != before)


def test_nothing_moves_by_itself_where_a_person_asks_for_calm(visit):
    page = visit("your-image", ready=OPEN)
    drawn = greys(page, ".pad")
    assert drawn.any()
    page.wait_for_timeout(500)
    assert (greys(page, ".pad") == drawn).all()
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("key", PAGES)
def test_a_page_opens_without_a_complaint_in_the_console(visit, app, key):
    page, complaints = visit(address_of(key), ready=OPEN), []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.reload()
    page.locator(OPEN).wait_for()
    assert complaints == []


def test_the_first_page_has_a_name_too(visit):
    page = visit("explore?model=digits&film=on", ready=OPEN)
    assert state(page)["film"]
    assert address(page).endswith("/?model=digits&film=on")


@pytest.mark.parametrize("wrong", ["nonsense", "morph/deeper", "a%22%3Cb%3E"])
def test_an_address_of_no_page_leads_to_the_first_and_says_so(visit, app, wrong):
    page = visit(wrong, ready=OPEN)
    expect(page.get_by_role("heading", level=1)).to_have_text("Explore")
    expect(page.locator(".notices")).to_contain_text(f"There is no page “/{unquote(wrong)}”")
    assert address(page) == f"{app}/?model=digits"


def test_what_a_link_asks_for_that_no_page_has_is_said_and_leaves_the_address(visit, app):
    page = visit("sheet?colour=red&nonsense=1", ready=OPEN)
    expect(page.locator(".notices .notice")).to_have_count(2)
    expect(page.locator(".notices")).to_contain_text(
        "The link's nonsense is not known on this page"
    )
    assert address(page) == f"{app}/sheet?model=digits"


def test_a_model_that_is_not_there_is_said_and_another_opens(visit):
    page = visit("?model=nowhere", ready=OPEN)
    expect(page.locator(".notices")).to_contain_text("“nowhere”, which is not here")
    assert page.get_by_label("model", exact=True).input_value() == "digits"


def test_a_program_that_asks_for_no_page_gets_no_page(app):
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{app}/nonsense")


@pytest.fixture
def noticed(visit):
    """A page with a notice, and a function that lets so many seconds pass there."""
    page = visit(ready=OPEN, locale="en-IE")  # whose clock is no other test's
    page.clock.install()
    page.goto(page.url + "&nonsense=1")
    page.locator(OPEN).wait_for()
    return page, lambda seconds: page.clock.fast_forward(1000 * seconds)


def test_a_notice_leaves_by_itself_unless_it_is_pointed_at(noticed):
    page, let_pass = noticed
    notices = page.locator(".notices .notice")
    notices.hover()
    let_pass(60)
    expect(notices).to_have_count(1)
    page.mouse.move(0, 0)
    let_pass(60)
    expect(notices).to_have_count(0)


def test_a_notice_stays_with_the_focus_and_is_read_aloud(noticed):
    page, let_pass = noticed
    dismiss = page.get_by_role("button", name="Dismiss")
    dismiss.focus()
    let_pass(60)
    expect(page.locator(".notices[aria-live=polite] .notice")).to_have_count(1)
    dismiss.press("Enter")
    expect(page.locator(".notice")).to_have_count(0)


FORMS = {
    ".do-umap": ".umap",
    ".map .ask": "[popover]:popover-open",
}


@pytest.mark.parametrize("opener", FORMS)
def test_a_form_closes_with_escape_and_with_a_press_outside_and_gives_the_focus_back(visit, opener):
    page = visit(ready=OPEN)
    button, form = page.locator(opener).first, page.locator(FORMS[opener]).first
    button.focus()
    button.press("Enter")
    expect(form).to_be_visible()
    if form.locator("button:not(.term)").count():  # a term opens a box of its own
        page.keyboard.press("Tab")  # into the form
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(button).to_be_focused()
    button.press("Enter")
    expect(form).to_be_visible()
    page.locator("h2:visible").first.click()
    expect(form).to_be_hidden()


def test_a_picture_that_is_chosen_gives_the_focus_back(visit):
    page = visit("morph")
    button = page.locator(".keys-row .thumb").first
    button.press("Enter")
    page.locator(".picker:popover-open button").first.press("Enter")
    expect(button).to_be_focused()


def test_the_list_of_keys_closes_with_a_press_outside(visit):
    page = visit(ready=OPEN)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.get_by_role("heading").click()
    expect(dialog).to_be_visible()
    page.mouse.click(2, 2)
    expect(dialog).to_be_hidden()


ROUNDS = 4
ROOM = 1.15  # what a browser keeps of the last page, and its caches


def counted(page, session) -> tuple[int, int]:
    """How many nodes and listeners there are, once what nobody holds is gone."""
    page.wait_for_timeout(1000)
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    return metrics["Nodes"], metrics["JSEventListeners"]


@pytest.mark.parametrize("waits", [True, False], ids=["each is opened", "some are left on the way"])
def test_a_page_that_is_left_is_freed(visit, waits):
    page = visit(ready=OPEN)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("HeapProfiler.enable")
    before = counted(page, session)
    keys = [*PAGES][1:] + [*PAGES][:1]
    for key in keys * ROUNDS:
        page.get_by_role("link", name=PAGES[key].title, exact=True).click()
        if waits:
            page.locator(f"{OPEN}[data-page={key}]").wait_for()
    page.locator(f"{OPEN}[data-page={key}]").wait_for()
    after = counted(page, session)
    assert key == "explore"
    assert all(now <= ROOM * then for now, then in zip(after, before, strict=True)), (before, after)


def test_the_scrubber_says_where_it_stands(visit):
    page = visit("morph")
    hand = page.get_by_role("slider", name="How far along the path")
    expect(hand).to_have_attribute("aria-valuetext", "50 % of the way from A to B, slerp")
    hand.press("ArrowRight")
    expect(hand).to_have_attribute("aria-valuetext", "51 % of the way from A to B, slerp")


def test_what_has_the_focus_is_outlined(visit):
    page = visit(ready=OPEN)
    for selector in (".atelier select", ".map .stage", ".dim input[type=range]", ".class"):
        page.locator(selector).first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        outline = (
            "e => getComputedStyle(e).outlineStyle + parseFloat(getComputedStyle(e).outlineWidth)"
        )
        assert page.locator(selector).first.evaluate(outline) == "solid2"
