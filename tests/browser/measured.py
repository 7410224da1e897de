"""What lessons measure, worked out once more with PyTorch and numpy."""

from collections import Counter
from functools import cache

import numpy as np
import torch

import vae
from vae.seeds import sfc32

from .conftest import ROOT

VOTES, CODES, NOISES, THROWS = 15, 200, 64, 2048


def normals(uniform: np.ndarray, d: int) -> torch.Tensor:
    """Standard normal numbers (n, d) from uniform ones, two for each (Box and Muller, 1958)."""
    u, v = uniform.reshape(-1, 2).T
    made = np.sqrt(-2 * np.log(1 - u)) * np.cos(2 * np.pi * v)
    return torch.from_numpy(made.astype(np.float32).reshape(-1, d))


@cache
def opened(name: str):
    return vae.load(ROOT / "assets" / name)


class Bench:
    """The models of a lesson by name, and pictures that the first one draws."""

    def __init__(self, models: list[str]):
        self.name = models[0]
        self.first = opened(self.name)

    def picture(self, example: str) -> torch.Tensor:
        z = torch.from_numpy(self.first.atlas.mean[int(example[1:])])[None]
        return (self.first.model.decode(z).mean >= 0.5).float()

    def label(self, example: str) -> int:
        return int(self.first.atlas.label[int(example[1:])])


def noise(n: int, d: int, seed: int = 0) -> torch.Tensor:
    return normals(sfc32(seed, 2 * n * d), d)


def read(bundle, images: torch.Tensor) -> list[int]:
    """The label of most of the examples with the nearest codes, of each image."""
    codes = bundle.model.encode((images >= 0.5).float()).mean.numpy()
    near = [np.linalg.norm(bundle.atlas.mean - z, axis=1).argsort()[:VOTES] for z in codes]
    return [Counter(bundle.atlas.label[i].tolist()).most_common(1)[0][0] for i in near]


def price(bench: Bench, name: str, example: str) -> tuple[float, float]:
    model, x = opened(name).model, bench.picture(example)
    q = model.encode(x)
    rate = 0.5 * (q.mean**2 + q.stddev**2 - 1 - 2 * q.stddev.log()).sum()
    z = q.mean + q.stddev * normals(sfc32(1, 16 * q.mean.shape[-1]), q.mean.shape[-1])
    return float(rate), float(-model.decode(z).log_prob(x.expand(8, -1, -1, -1)).mean())


def width(bench: Bench, name: str, example: str) -> float:
    return float(opened(name).model.encode(bench.picture(example)).stddev.mean())


def class_widths(name: str) -> list[tuple[float, int]]:
    atlas = opened(name).atlas
    return sorted((float(atlas.scale[atlas.label == k].mean()), k) for k in range(10))


def misread(bench: Bench, name: str, example: str) -> float:
    bundle = opened(name)
    q = bundle.model.encode(bench.picture(example))
    images = bundle.model.decode(q.mean + q.stddev * noise(CODES, q.mean.shape[-1])).mean
    return float(np.mean([label != bench.label(example) for label in read(bundle, images)]))


def distortion_at(bench: Bench, name: str, example: str, factor: str) -> float:
    model, x = opened(name).model, bench.picture(example)
    q = model.encode(x)
    z = q.mean + float(factor) * q.stddev * noise(NOISES, q.mean.shape[-1])
    return float(-model.decode(z).log_prob(x.expand(NOISES, -1, -1, -1)).mean())


@cache
def gradient_draws(name: str, first: str, example: str, j: int) -> dict[str, np.ndarray]:
    model, x = opened(name).model, Bench([first]).picture(example)
    with torch.no_grad():
        q = model.encode(x)
        middle = -model.decode(q.mean).log_prob(x)
    eps = noise(THROWS, q.mean.shape[-1])
    with torch.enable_grad():
        z = (q.mean + q.stddev * eps).requires_grad_()
        cost = -model.decode(z).log_prob(x.expand(THROWS, -1, -1, -1))
        (slope,) = torch.autograd.grad(cost.sum(), z)
    cost, weight = cost.detach(), (eps / q.stddev)[:, j]
    made = {"pathwise": slope[:, j], "score": cost * weight, "baseline": (cost - middle) * weight}
    return {key: values.numpy().astype(float) for key, values in made.items()}


def gradients(bench: Bench, name: str, example: str, j: str) -> dict[str, np.ndarray]:
    return gradient_draws(name, bench.name, example, int(j))


def gradient_error(bench: Bench, *given: str) -> float:
    *which, estimator, n = given
    return float(gradients(bench, *which)[estimator].reshape(-1, int(n)).mean(1).std())


def times_noisier(bench: Bench, *given: str) -> float:
    *which, estimator = given
    draws = gradients(bench, *which)
    return float(draws[estimator].std() / draws["pathwise"].std())


# By the names of vae/lessons/names.py: (bench, …arguments) -> the number.
WANTED = {
    "rate": lambda *given: price(*given)[0],
    "distortion": lambda *given: price(*given)[1],
    "width": width,
    "mean-width": lambda _, name: float(opened(name).atlas.scale.mean()),
    "widest-class": lambda _, name: class_widths(name)[-1][1],
    "widest-width": lambda _, name: class_widths(name)[-1][0],
    "narrowest-class": lambda _, name: class_widths(name)[0][1],
    "narrowest-width": lambda _, name: class_widths(name)[0][0],
    "misread": misread,
    "distortion-at": distortion_at,
    "noise-cost": lambda *given: distortion_at(*given, "1") - distortion_at(*given, "0"),
    "gradient": lambda bench, *given: float(gradients(bench, *given[:-1])[given[-1]].mean()),
    "gradient-error": gradient_error,
    "times-noisier": times_noisier,
    "draws-needed": lambda *given: times_noisier(*given) ** 2,
}
