"""Settings of a design that suit pictures, for who has named none."""

from typing import Any

BINARY = 0.01  # of the pixels between black and white, up to which pictures are black and white
GREYS = {"likelihood": "gaussian", "noise": "shared"}
CONV = {"net": "conv", "width": 192}


def suggested(image: tuple[int, int, int], between: float) -> list[dict[str, Any]]:
    """Likelihood and network, for pictures with a share of pixels `between` black and white."""
    c, h, w = image
    binary = c == 1 and between < BINARY
    divisible = h % 4 == w % 4 == 0 and min(h, w) >= 16
    return [{"likelihood": "bernoulli"} if binary else GREYS, *([CONV] if divisible else [])]
