"""What lessons measure, worked out once more with PyTorch and numpy."""

import math
from collections import Counter
from functools import cache
from itertools import islice

import numpy as np
import torch
from scipy.sparse import diags
from scipy.stats import bernoulli

import vae
from vae.conformal import threshold
from vae.distributions import Gaussian
from vae.models.ppca import (
    PPCA,
    Moments,
    angle,
    closed_form,
    em,
    log_likelihood,
    orthogonal,
)
from vae.nets import macs
from vae.objective import surprise
from vae.seeds import sfc32
from vae.tasks.compress.file import digest_of
from vae.tasks.compress.pictures import picture_codec, push_chains
from vae.tasks.compress.stack import empty
from vae.tasks.spreading import ALPHA, STEPS, graph

from .conftest import ROOT

VOTES, CODES, NOISES, THROWS, PICTURES, ALARMS = 15, 200, 64, 2048, 40, 200


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
        self.models, self.name = models, models[0]
        self.first = opened(self.name)

    def picture(self, example: str) -> torch.Tensor:
        z = torch.from_numpy(self.first.atlas.mean[int(example[1:])])[None]
        return (self.first.model.decode(z).mean >= 0.5).float()

    def label(self, example: str) -> int:
        return int(self.first.atlas.label[int(example[1:])])


def noise(n: int, d: int, seed: int = 0) -> torch.Tensor:
    return normals(sfc32(seed, 2 * n * d), d)


def votes(bundle, images: torch.Tensor) -> list[list[int]]:
    """The labels of the examples with the nearest codes, of each image, nearest first."""
    codes = bundle.model.encode((images >= 0.5).float()).mean.numpy()
    near = [np.linalg.norm(bundle.atlas.mean - z, axis=1).argsort()[:VOTES] for z in codes]
    return [bundle.atlas.label[i].tolist() for i in near]


def read(bundle, images: torch.Tensor) -> list[int]:
    """The label that most of them have."""
    return [Counter(labels).most_common(1)[0][0] for labels in votes(bundle, images)]


def price(bench: Bench, name: str, example: str) -> tuple[float, float]:
    """Rate, 0 of a point, and distortion."""
    model, x = opened(name).model, bench.picture(example)
    q = model.encode(x)
    spread = model.config.code.has_rate
    rate = 0.5 * (q.mean**2 + q.stddev**2 - 1 - 2 * q.stddev.log()).sum() if spread else 0
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


# ---- models compared


@cache
def mean_price(name: str, first: str) -> tuple[float, float]:
    prices = [price(Bench([first]), name, f"@{i}") for i in range(PICTURES)]
    return tuple(np.mean(prices, axis=0))


def part(i: int):
    return lambda bench, name: float(mean_price(name, bench.name)[i])


def cost(bench: Bench, name: str) -> float:
    return sum(mean_price(name, bench.name))


def cheapest_beta(bench: Bench) -> float:
    best = min(bench.models[1:], key=lambda name: cost(bench, name))
    return opened(best).card.training["beta"]


def active(_, name: str) -> int:
    return int((opened(name).atlas.mean.var(0) > 0.01).sum())


# ---- pictures that nobody drew


class Uniform:
    """Uniform numbers one after the other, as the page draws them."""

    def __init__(self, n: int):
        self.numbers, self.at = sfc32(0, n), 0

    def take(self, n: int) -> np.ndarray:
        self.at += n
        return self.numbers[self.at - n : self.at]

    def row(self, atlas) -> int:
        return int(self.take(1)[0] * len(atlas.label))

    def normal(self, d: int) -> np.ndarray:
        return normals(self.take(2 * d), d)[0].numpy()


def prior_code(bundle, uniform: Uniform) -> np.ndarray:
    weights, d = bundle.model.state_dict(), bundle.model.config.latent
    if "prior.logits" not in weights:
        return uniform.normal(d)
    shares = weights["prior.logits"].softmax(0).cumsum(0).numpy()
    k = int(np.searchsorted(shares, uniform.take(1)[0], "right"))
    loc, scale = weights["prior.loc"][k], weights["prior.log_scale"][k].exp()
    return loc.numpy() + scale.numpy() * uniform.normal(d)


def example_code(bundle, uniform: Uniform) -> np.ndarray:
    return bundle.atlas.mean[uniform.row(bundle.atlas)]


def posterior_code(bundle, uniform: Uniform) -> np.ndarray:
    atlas, i = bundle.atlas, uniform.row(bundle.atlas)
    return atlas.mean[i] + atlas.scale[i] * uniform.normal(atlas.mean.shape[1])


def gaussian_code(bundle, uniform: Uniform) -> np.ndarray:
    atlas = bundle.atlas
    mean, lower = class_gaussian(bundle, int(atlas.label[uniform.row(atlas)]))
    return mean + lower @ uniform.normal(len(mean))


def class_gaussian(bundle, k: int) -> tuple[np.ndarray, np.ndarray]:
    of = bundle.atlas.label == k
    mean, scale = (a[of].astype(float) for a in (bundle.atlas.mean, bundle.atlas.scale))
    covariance = np.cov(mean.T, bias=True) + np.diag((scale**2).mean(0))
    return mean.mean(0), np.linalg.cholesky(covariance)


def middle_code(bundle, uniform: Uniform) -> np.ndarray:
    mean = bundle.atlas.mean
    return (mean[uniform.row(bundle.atlas)] + mean[uniform.row(bundle.atlas)]) / 2


SOURCES = {
    "prior": prior_code,
    "examples": example_code,
    "posteriors": posterior_code,
    "gaussians": gaussian_code,
    "middles": middle_code,
}


@cache
def images(name: str, source: str, temperature: float = 1) -> torch.Tensor:
    bundle, uniform = opened(name), Uniform(100 * CODES)
    codes = np.stack([temperature * SOURCES[source](bundle, uniform) for _ in range(CODES)])
    return bundle.model.decode(torch.from_numpy(codes.astype(np.float32))).mean


def clear_share(bench: Bench, made: torch.Tensor) -> float:
    counts = [Counter(labels).most_common(1)[0][1] for labels in votes(bench.first, made)]
    return float(np.mean([3 * count >= 2 * VOTES for count in counts]))


def readable(bench: Bench, name: str, source: str) -> float:
    return clear_share(bench, images(name, source))


def variety(_, name: str, temperature: str) -> float:
    return float(images(name, "prior", float(temperature)).diff(dim=0).abs().mean())


# ---- alarms, and bits


CHANGES = {
    "upside-down": lambda x: x.flip(-2),
    "mirrored": lambda x: x.flip(-1),
    "turned": lambda x: torch.rot90(x, 1, (-2, -1)),
}


def cost_of(name: str, x: torch.Tensor) -> np.ndarray:
    found = surprise(opened(name).model, x)
    return (found.rate + found.distortion).numpy()


@cache
def costs_of(name: str, first: str, begin: int, change: str | None = None) -> np.ndarray:
    x = torch.cat([Bench([first]).picture(f"@{begin + i}") for i in range(ALARMS)])
    return cost_of(name, CHANGES[change](x) if change else x)


def alarm(bench: Bench, name: str) -> float:
    return threshold(costs_of(name, bench.name, 0), 0.05)


def flagged(bench: Bench, name: str, *which) -> float:
    return float((costs_of(name, bench.name, *which) > alarm(bench, name)).mean())


def blank(_, name: str) -> float:
    return float(cost_of(name, torch.zeros(1, *opened(name).model.config.image))[0])


def elbo_bits(bench: Bench, name: str, count: str) -> float:
    x = torch.cat([bench.picture(f"@{i}") for i in range(int(count))])
    return float(cost_of(name, x).mean()) / math.log(2)


def chain_bits(bench: Bench, name: str, count: str, grid: str = "4") -> float:
    n = int(count)
    symbols = np.stack([bench.picture(f"@{i}").numpy().astype(np.uint8).ravel() for i in range(n)])
    stack = empty(digest_of(0, symbols))
    push_chains(picture_codec(opened(name).model, int(grid)), [stack], [symbols])
    return (16 * len(stack.words) + math.log2(stack.head) - 64) / n


# ---- neighbours

EXAMPLES, QUERIES = 2000, 200


@cache
def drawn(name: str) -> torch.Tensor:
    model, codes = opened(name).model, torch.from_numpy(opened(name).atlas.mean[:EXAMPLES])
    with torch.no_grad():
        x = model.decode(codes).mean
    return (x >= 0.5).float() if model.config.likelihood == "bernoulli" else x


def points(name: str, space: str) -> np.ndarray:
    if space == "pixels":
        return drawn(name).flatten(1).numpy()
    return opened(name).atlas.mean[:EXAMPLES]


def neighbour_share(_, name: str, space: str, shift: str) -> float:
    bundle, among = opened(name), points(name, space)
    moved = drawn(name)[:QUERIES].roll(int(shift), -1)
    if space == "pixels":
        queries = moved.flatten(1).numpy()
    else:
        queries = bundle.model.encode(moved).mean.numpy() if int(shift) else among[:QUERIES]
    d = np.stack([np.square(among - query).sum(1) for query in queries])
    np.fill_diagonal(d, np.inf)
    label = bundle.atlas.label
    return float((label[d.argmin(1)] == label[:QUERIES]).mean())


def labelled(label: np.ndarray, each: str) -> np.ndarray:
    classes = np.unique(label)
    return np.sort(np.concatenate([np.flatnonzero(label == k)[: int(each)] for k in classes]))


def right_share(label: np.ndarray, rows: np.ndarray, guess: np.ndarray) -> float:
    others = np.setdiff1d(np.arange(EXAMPLES), rows)
    return float((guess[others] == label[others]).mean())


def few_labels(_, name: str, space: str, each: str) -> float:
    among, label = points(name, space), opened(name).atlas.label[:EXAMPLES]
    rows = labelled(label, each)
    d = np.stack([np.square(among[rows] - x).sum(1) for x in among])
    return right_share(label, rows, label[rows][d.argmin(1)])


@cache
def reached(name: str, space: str) -> tuple[np.ndarray, np.ndarray]:
    """What a label at each row reaches, a column each, and the rows' degrees."""
    w = graph(points(name, space))
    degree, each = np.asarray(w.sum(1)).ravel(), np.eye(EXAMPLES, dtype=np.float32)
    root = diags(degree**-0.5)
    s, f = (root @ w @ root).astype(np.float32), each
    for _ in range(STEPS):
        f = ALPHA * (s @ f) + (1 - ALPHA) * each
    return f, degree


def by_class(f: np.ndarray, rows: np.ndarray, label: np.ndarray) -> np.ndarray:
    """The labels' reach, (N, classes), with the same sum for each class that has one."""
    sums = np.stack([f[:, rows[label[rows] == k]].sum(1) for k in range(10)], 1)
    mass = sums.sum(0)
    return sums * EXAMPLES / (max(1, (mass > 0).sum()) * np.where(mass > 0, mass, 1))


def spread_labels(_, name: str, space: str, each: str) -> float:
    label = opened(name).atlas.label[:EXAMPLES]
    rows = labelled(label, each)
    best = by_class(reached(name, space)[0], rows, label).argmax(1)
    return right_share(label, rows, best)


def telling(sums: np.ndarray, degree: np.ndarray, asked: list[int]) -> int:
    second, first = np.sort(sums, 1)[:, -2:].T
    value = (1 - (first - second) / (sums.sum(1) + 5 * 0.02)) * np.sqrt(degree)
    value[asked] = -1
    return int(value.argmax())


def asked_labels(_, name: str, ask: str, count: str) -> float:
    (f, degree), label = reached(name, "codes"), opened(name).atlas.label[:EXAMPLES]

    def after(seed: int) -> float:
        order = dict.fromkeys((sfc32(seed, 4 * int(count)) * EXAMPLES).astype(int).tolist())
        rows = [*order][: int(count)] if ask == "random" else []
        while len(rows) < int(count):
            known = np.array(rows, dtype=int)
            rows.append(telling(by_class(f, known, label), degree, rows))
        rows = np.array(rows)
        return right_share(label, rows, by_class(f, rows, label).argmax(1))

    return float(np.mean([after(seed) for seed in range(10 if ask == "random" else 1)]))


# ---- limits


def given_back(name: str, x: torch.Tensor) -> torch.Tensor:
    return opened(name).model.decode(opened(name).model.encode(x).mean).mean


def grey_share(bench: Bench, name: str) -> float:
    y = given_back(name, torch.cat([bench.picture(f"@{i}") for i in range(PICTURES)]))
    return float(((y > 0.1) & (y < 0.9)).float().mean())


def guess_cost(bench: Bench, guess: str, k: str) -> float:
    rows = np.flatnonzero(bench.first.atlas.label == int(k))[:PICTURES]
    x = np.stack([bench.picture(f"@{i}").numpy().ravel() for i in rows]).astype(float)
    if guess == "average":
        return float(bernoulli.entropy(x.mean(0)).sum())
    wrong = np.abs(x[:, None] - x[None]).mean((1, 2))
    return float(x.shape[1] * bernoulli.entropy(wrong).mean())


def strangers(other: str, n: int) -> torch.Tensor:
    codes = torch.from_numpy(opened(other).atlas.mean[:n])
    return (opened(other).model.decode(codes).mean >= 0.5).float()


# ---- what came before

DRAWN, EM_STEPS, WEIGHTED = 400, 60, 500


@cache
def moments_of(name: str) -> Moments:
    codes = torch.from_numpy(opened(name).atlas.mean[:DRAWN])
    x = opened(name).model.decode(codes).mean.flatten(1).double()
    return Moments(x.mean(0), torch.cov(x.mT, correction=0))


@cache
def steps_of_em(name: str, seed: int) -> list[PPCA]:
    data = moments_of(name)
    p, each = len(data.mean), data.covariance.trace() / len(data.mean) / 10
    w = normals(sfc32(seed, 4 * p), p).double().mT * each.sqrt()
    return list(islice(em(data, orthogonal(data.mean, w, 8 * each)), EM_STEPS + 1))


@cache
def top(name: str) -> PPCA:
    return closed_form(moments_of(name), 2)


def em_gap(_, name: str, seed: str, steps: str) -> float:
    data, model = moments_of(name), steps_of_em(name, int(seed))[int(steps)]
    return float(log_likelihood(top(name), data) - log_likelihood(model, data))


def em_needed(_, name: str, seed: str, most: str) -> int:
    gaps = (em_gap(_, name, seed, str(k)) for k in range(EM_STEPS + 1))
    return next(k for k, gap in enumerate(gaps) if gap < float(most))


def em_angle(_, name: str, seed: str, steps: str) -> float:
    return math.degrees(angle(steps_of_em(name, int(seed))[int(steps)], top(name)))


def plane_percent(_, name: str) -> float:
    data = moments_of(name)
    return float(100 * torch.linalg.eigvalsh(data.covariance)[-2:].sum() / data.covariance.trace())


def linear_gap(bench: Bench, name: str, example: str) -> float:
    """By the density of a full Gaussian."""
    model, x = opened(name).model, bench.picture(example)
    z = torch.eye(model.config.latent + 1, model.config.latent)
    p = model.decode(z.roll(1, 0))
    mean, sigma = p.loc[0].flatten().double(), float(p.scale.flatten()[0])
    w = p.loc[1:].flatten(1).double().mT - mean[:, None]
    c = w @ w.mT + sigma**2 * torch.eye(len(mean))
    d, q = x.flatten().double() - mean, model.encode(x)
    log_p = torch.distributions.MultivariateNormal(torch.zeros_like(d), c).log_prob(d)
    m, v = q.mean[0].double(), q.stddev[0].double()
    error = (d - w @ m).square().sum() + (w.square().sum(0) * v**2).sum()
    rate = 0.5 * (m**2 + v**2 - 1 - 2 * v.log()).sum()
    elbo = -0.5 * len(d) * math.log(2 * math.pi * sigma**2) - error / (2 * sigma**2) - rate
    return float(log_p - elbo)


def gap_at_least(bench: Bench, name: str, example: str) -> float:
    model, x = opened(name).model, bench.picture(example)
    q = model.encode(x)
    eps = noise(WEIGHTED, q.mean.shape[-1])
    z = q.mean + q.stddev * eps
    log_w = model.decode(z).log_prob(x.expand(WEIGHTED, -1, -1, -1))
    log_w = log_w + ((eps**2 - z**2) / 2 + q.stddev.log()).sum(-1)
    return float(log_w.logsumexp(0) - math.log(WEIGHTED) - log_w.mean())


# ---- a search for one picture

BEGINS = {"encoder": (150, 0.02), "prior": (300, 0.1)}
SAMPLES, EVERY = 8, 5


def loss_of(name: str, x: torch.Tensor, q: Gaussian) -> float:
    """-ELBO over the noise that all posteriors share."""
    model = opened(name).model
    z = q.loc + q.scale * noise(64, q.loc.shape[-1], 1)
    distortion = -model.decode(z).log_prob(x.expand(64, -1, -1, -1)).mean()
    return float(0.5 * (q.loc**2 + q.scale**2 - 1 - 2 * q.scale.log()).sum() + distortion)


@cache
def gains(name: str, first: str, begin: str, example: str, change: str | None = None) -> list:
    """By how many nats each posterior of a search beats the encoder's, by autograd and Adam."""
    model, x = opened(name).model, Bench([first]).picture(example)
    x = CHANGES[change](x) if change else x
    with torch.no_grad():
        q = model.encode(x)
        top = loss_of(name, x, q)
    steps, rate = BEGINS[begin]
    prior = Gaussian(torch.zeros_like(q.loc), torch.ones_like(q.loc))
    free = [v.double().requires_grad_() for v in (q if begin == "encoder" else prior).free()]
    draws = noise(steps * SAMPLES, q.loc.shape[-1]).view(steps, SAMPLES, -1)
    adam = torch.optim.Adam(free, rate)
    with torch.no_grad():
        found = [top - loss_of(name, x, q if begin == "encoder" else prior)]
    for step in range(1, steps + 1):
        adam.param_groups[0]["lr"] = rate * (1 - (step - 1) / steps)
        with torch.enable_grad():
            m, s = free[0].float(), free[1].float().exp()
            z = m + s * draws[step - 1]
            cost = -model.decode(z).log_prob(x.expand(SAMPLES, -1, -1, -1)).mean()
            loss = cost + 0.5 * (m**2 + s**2 - 1 - 2 * s.log()).sum()
        for value, slope in zip(free, torch.autograd.grad(loss, free), strict=True):
            value.grad = slope
        adam.step()
        if step % EVERY == 0:
            with torch.no_grad():
                now = Gaussian(free[0].float(), free[1].float().exp())
                found.append(top - loss_of(name, x, now))
    return found


def search_gain(bench: Bench, name: str, example: str, steps: str = "150", change=None) -> float:
    return gains(name, bench.name, "encoder", example, change)[int(steps) // EVERY]


def search_needed(bench: Bench, name: str, example: str) -> int:
    found = gains(name, bench.name, "prior", example)
    return EVERY * next(k for k, gain in enumerate(found) if gain >= 0)


def search_work(_, name: str) -> float:
    config = opened(name).model.config
    decoder = macs(config.decoder, (config.latent,))
    return 150 * SAMPLES * 2 * decoder / macs(config.encoder, config.image)


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
    "rate-ratio": lambda b, m, n, x: price(b, m, x)[0] / price(b, n, x)[0],
    "distortion-ratio": lambda b, m, n, x: price(b, m, x)[1] / price(b, n, x)[1],
    "mean-rate": part(0),
    "mean-distortion": part(1),
    "mean-distortion-ratio": lambda b, m, n: part(1)(b, m) / part(1)(b, n),
    "mean-cost": cost,
    "cheapest-beta": cheapest_beta,
    "active": active,
    "readable": readable,
    "readable-gain": lambda b, m, n: readable(b, m, "prior") - readable(b, n, "prior"),
    "readable-percent": lambda *given: 100 * readable(*given),
    "readable-at": lambda b, m, t: clear_share(b, images(m, "prior", float(t))),
    "variety-at": variety,
    "threshold": alarm,
    "false-alarms": lambda bench, name: flagged(bench, name, ALARMS),
    "alarm-share": lambda bench, name, change: flagged(bench, name, 0, change),
    "blank-cost": blank,
    "blank-ratio": lambda bench, name: blank(bench, name) / alarm(bench, name),
    "elbo-bits": elbo_bits,
    "chain-bits": chain_bits,
    "chain-bits-at": chain_bits,
    "alone-ratio": lambda b, name: chain_bits(b, name, "1") / elbo_bits(b, name, "1"),
    "neighbour-share": neighbour_share,
    "neighbour-gain": lambda b, name: (
        neighbour_share(b, name, "codes", "0") - neighbour_share(b, name, "pixels", "0")
    ),
    "shifted-percent": lambda b, name, by: 100 * neighbour_share(b, name, "codes", by),
    "few-labels": few_labels,
    "spread-labels": spread_labels,
    "spread-gain": lambda b, name, fewer, more: (
        spread_labels(b, name, "codes", more) - spread_labels(b, name, "codes", fewer)
    ),
    "asked-labels": asked_labels,
    "asked-gain": lambda b, name, count: (
        asked_labels(b, name, "telling", count) - asked_labels(b, name, "random", count)
    ),
    "grey-share": grey_share,
    "grey-ratio": lambda b, m, n: grey_share(b, m) / grey_share(b, n),
    "guess-cost": guess_cost,
    "guess-ratio": lambda b, k: guess_cost(b, "one", k) / guess_cost(b, "average", k),
    "stranger-cost": lambda _, m, n: float(cost_of(m, strangers(n, PICTURES)).mean()),
    "stranger-readable": lambda b, m, n: clear_share(b, given_back(m, strangers(n, CODES))),
    "linear-gap": linear_gap,
    "gap-at-least": gap_at_least,
    "em-gap": em_gap,
    "em-needed": em_needed,
    "em-angle": em_angle,
    "plane-percent": plane_percent,
    "plane-nats": lambda _, name: float(log_likelihood(top(name), moments_of(name))),
    "search-gain": search_gain,
    "search-gain-at": search_gain,
    "search-gain-of": lambda b, name, change, x: search_gain(b, name, x, change=change),
    "search-needed": search_needed,
    "search-work": search_work,
}
