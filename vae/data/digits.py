"""scikit-learn's digits: 1,797 handwritten digits of 8 x 8 pixels in 17 grey levels.

Optical Recognition of Handwritten Digits (Alpaydin & Kaynak, 1998),
https://archive.ics.uci.edu/dataset/80. It comes with scikit-learn, so it is always there.
"""

from vae.data.base import Dataset, Images


def load(split: str) -> Images:
    """Every fifth digit is held out for the test."""
    import torch
    from sklearn.datasets import load_digits

    data = load_digits()
    x = torch.from_numpy(data.images / 16 * 255).round().to(torch.uint8)[:, None]
    y = torch.from_numpy(data.target).long()
    test = torch.arange(len(x)) % 5 == 0
    keep = test if split == "test" else ~test
    return Images(x[keep], y[keep], {})


DIGITS = Dataset(
    name="digits",
    title="scikit-learn digits",
    licence="CC BY 4.0 (Alpaydin & Kaynak)",
    source="https://archive.ics.uci.edu/dataset/80",
    image=(1, 8, 8),
    classes=tuple("0123456789"),
    published=load,
)
