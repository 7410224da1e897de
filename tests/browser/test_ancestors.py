"""EM on the page Ancestors, step by step, beside vae/models/ppca.py."""

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from .hand import address, painted, state, until
from .measured import em_angle, em_gap

READY = ".atelier[data-page=ancestors]:not([aria-busy])"


def reading(page, name: str) -> float:
    """A number of the list beside its name, once the closed form is there."""
    cell = page.locator(f".steps-of-em dt:has-text('{name}') + dd")
    expect(cell).not_to_have_text("…")
    return float(cell.inner_text().split()[0].rstrip("°%").replace("−", "-"))


def at(page, steps: int) -> None:
    until(page, lambda: page.locator(".steps-of-em dl").get_attribute("data-steps") == str(steps))


def expect_as_python(page, steps: int) -> None:
    at(page, steps)
    with torch.no_grad():
        gap, angle = (of(None, "digits", "0", str(steps)) for of in (em_gap, em_angle))
    assert reading(page, "below the closed form") == pytest.approx(gap, abs=0.011)
    assert reading(page, "angle to its plane") == pytest.approx(angle, abs=0.11)


def test_em_goes_step_by_step_as_in_python_and_back(visit):
    page = visit("ancestors?model=digits", ready=READY)
    expect_as_python(page, 0)
    page.locator(".do-step").click()
    expect_as_python(page, 1)
    page.locator(".do-ten").click()
    expect_as_python(page, 11)
    page.keyboard.press(".")
    expect_as_python(page, 12)
    page.locator(".do-closed").click()
    until(page, lambda: reading(page, "below the closed form") == 0)
    assert "closed=on" in address(page)
    for _ in range(4):
        page.keyboard.press("z")
        painted(page)
    assert (state(page)["steps"], state(page)["closed"]) == (0, False)
    expect_as_python(page, 0)


@pytest.mark.parametrize("model", ["odd", "convolutional", "digits-ppca"])
def test_pictures_of_every_kind_have_components(visit, model):
    page = visit(f"ancestors?model={model}&steps=30", ready=READY)
    at(page, 30)
    assert np.isfinite(reading(page, "log p(x)"))
    assert reading(page, "below the closed form") >= 0
    page.keyboard.press("r")
    until(page, lambda: state(page)["seed"] != 0)
    assert state(page)["steps"] == 0
