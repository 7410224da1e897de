"""How far each dimension of a code stands for one known factor, and each factor for one dimension.

`Represented` holds what a model makes of drawn images: the codes of random ones, and how the codes
vary in sets in which one factor is the same. A member of FACTOR_METRICS takes it and a seed, and
returns its figures by name. All are 1 at best. The control is the same for the codes turned at
random: they say as much of the factors on other axes.

mig    the information about a factor in its best dimension less that in its second best, as a share
       of the factor's entropy. Isolating Sources of Disentanglement in Variational Autoencoders
       (Chen et al., 2018), https://arxiv.org/abs/1802.04942
dci    by the importances of a random forest that predicts each factor from all dimensions: whether
       a dimension matters to one factor only (disentanglement), whether a factor needs one
       dimension only (completeness), and how well it is predicted (informativeness: R^2, or
       accuracy above chance). A Framework for the Quantitative Evaluation of Disentangled
       Representations (Eastwood & Williams, 2018), https://openreview.net/forum?id=By-7dz-AZ
sap    how well the best dimension alone predicts a factor by a straight line less how well the
       second best does (R^2, or accuracy above chance). Variational Inference of Disentangled
       Latent Concepts from Unlabeled Observations (Kumar et al., 2018),
       https://arxiv.org/abs/1711.00848
factor_vae   the share of sets whose fixed factor is known from the dimension that varies least.
       Disentangling by Factorising (Kim & Mnih, 2018), https://arxiv.org/abs/1802.05983

A code with each dimension twice has no gap (mig and sap near 0) and is half complete; the others
do not mind. Axes turned at random cost factor_vae least: each factor may still have a dimension
that it holds more still than any other factor does.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from vae.data.factors import Factor, Factors
from vae.metrics.codes import active
from vae.metrics.measure import Measure, jackknifed

BINS = 20  # of a code's dimension, and of a factor that is any number
VOTES, SET = 1000, 64  # sets with one factor fixed; images in each
TREES, LEAF = 10, 20  # of a random forest; the fewest examples in a leaf
FEWEST = 500  # images with which these figures mean anything
NOTE = "the codes turned at random"
Encode = Callable[[np.ndarray], np.ndarray]  # (N, C, H, W) uint8 -> (N, D)


class Represented(NamedTuple):
    factors: Factors
    values: np.ndarray  # (N, F) the factors of random images
    codes: np.ndarray  # (N, D) their posterior means, in units of the prior
    fixed: np.ndarray  # (V,) which factor is the same in all of a set
    spreads: np.ndarray  # (V, D, D) the covariance of the codes in each set

    def take(self, rows: np.ndarray) -> "Represented":
        return self._replace(values=self.values[rows], codes=self.codes[rows])

    def turned(self, seed: int) -> "Represented":
        """The same codes on axes turned at random."""
        d = self.codes.shape[1]
        turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(d, d)))
        return self._replace(codes=self.codes @ turn, spreads=turn.T @ self.spreads @ turn)


Metric = Callable[[Represented, int], dict[str, float]]


# ---- the figures


def mig(now: Represented, seed: int) -> dict[str, float]:
    columns = [binned(column) for column in now.codes.T]
    gaps = []
    for values, factor in zip(now.values.T, now.factors.each, strict=True):
        values = values.astype(int) if factor.size else binned(values)
        shared = [information(column, values) for column in columns]
        gaps.append(gap(shared) / information(values, values))
    return {"mig": float(np.mean(gaps))}


def binned(column: np.ndarray) -> np.ndarray:
    return np.digitize(column, np.histogram_bin_edges(column, BINS)[1:-1])


def information(a: np.ndarray, b: np.ndarray) -> float:
    """Mutual, in nats, of two columns of whole numbers; of one with itself its entropy."""
    joint = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(joint, (a, b), 1 / len(a))
    apart = joint.sum(1, keepdims=True) * joint.sum(0)
    there = joint > 0
    return float((joint[there] * np.log(joint[there] / apart[there])).sum())


def gap(scores: list[float]) -> float:
    """The best less the second best."""
    *_, second, best = sorted([0.0, *scores])
    return best - second


def sap(now: Represented, seed: int) -> dict[str, float]:
    gaps = []
    for values, factor in zip(now.values.T, now.factors.each, strict=True):
        score = classified if factor.words else explained
        gaps.append(gap([score(column, values) for column in now.codes.T]))
    return {"sap": float(np.mean(gaps))}


def explained(column: np.ndarray, values: np.ndarray) -> float:
    """R^2 of a straight line; 0 for a dimension that never varies."""
    varies = column.std() > 0 and values.std() > 0
    return float(np.corrcoef(column, values)[0, 1] ** 2) if varies else 0.0


def classified(column: np.ndarray, values: np.ndarray) -> float:
    from sklearn.linear_model import LogisticRegression

    half = len(values) // 2
    model = LogisticRegression(C=100.0).fit(column[:half, None], values[:half])
    return above_chance(model.predict(column[half:, None]), values[half:])


def above_chance(said: np.ndarray, values: np.ndarray) -> float:
    """The share that is right: 0 for one answer to all, 1 for no mistake."""
    chance = np.unique(values, return_counts=True)[1].max() / len(values)
    return float(max(0, ((said == values).mean() - chance) / (1 - chance)))


def dci(now: Represented, seed: int) -> dict[str, float]:
    matrix, score = importances(now, seed)
    return {
        "dci_disentanglement": float(np.average(concentration(matrix), weights=matrix.sum(1))),
        "dci_completeness": float(np.average(concentration(matrix.T), weights=matrix.sum(0))),
        "dci_informativeness": score,
    }


def importances(now: Represented, seed: int) -> tuple[np.ndarray, float]:
    """Of each dimension for each factor, (D, F); and how well the factors are predicted."""
    half = len(now.codes) // 2
    columns, scores = [], []
    for values, factor in zip(now.values.T, now.factors.each, strict=True):
        forest = forest_for(factor, seed).fit(now.codes[:half], values[:half])
        said = forest.predict(now.codes[half:])
        score = above_chance if factor.words else determined
        columns.append(forest.feature_importances_)
        scores.append(score(said, values[half:]))
    return np.stack(columns, 1), float(np.mean(scores))


def forest_for(factor: Factor, seed: int):
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    kind = RandomForestClassifier if factor.words else RandomForestRegressor
    return kind(TREES, min_samples_leaf=LEAF, max_features=None, random_state=seed)


def determined(said: np.ndarray, values: np.ndarray) -> float:
    """R^2, or 0 where the mean would be as good."""
    return float(max(0, 1 - np.square(said - values).mean() / values.var()))


def concentration(rows: np.ndarray) -> np.ndarray:
    """1 for rows with one entry, 0 for rows with equal ones: (R, C) -> (R,)."""
    share = rows / np.maximum(rows.sum(1, keepdims=True), 1e-12)
    entropy = -(share * np.log(np.maximum(share, 1e-12))).sum(1)
    return 1 - entropy / np.log(rows.shape[1]) if rows.shape[1] > 1 else np.ones(len(rows))


def factor_vae(now: Represented, seed: int) -> dict[str, float]:
    """One half of the sets says which factor each dimension stands for, the other half tests that,
    and the other way round. Dimensions that are not active have no vote."""
    least = voted(now)
    halves = np.arange(len(least)) % 2 == 0
    return {
        "factor_vae": float(np.mean([share_known(least, now.fixed, h) for h in (halves, ~halves)]))
    }


def voted(now: Represented) -> np.ndarray:
    """The dimension that varies least in each set, as a share of its variance: (V,)."""
    variances, there = np.diagonal(now.spreads, axis1=1, axis2=2), active(now.codes)
    share = np.full(variances.shape, np.inf)
    share[:, there] = variances[:, there] / now.codes[:, there].var(0)
    return share.argmin(1)


def share_known(least: np.ndarray, fixed: np.ndarray, known: np.ndarray) -> float:
    """The share of the other sets whose factor is the one most often fixed in the known sets with
    the same vote."""
    counts = np.zeros((least.max() + 1, fixed.max() + 1))
    np.add.at(counts, (least[known], fixed[known]), 1)
    return float((counts.argmax(1)[least[~known]] == fixed[~known]).mean())


# ---- with their standard errors


def over_images(metric: Metric, now: Represented, seed: int) -> dict[str, float]:
    """The standard errors of figures of the images' codes."""
    return jackknifed(lambda rows: metric(now.take(rows), seed), len(now.codes))


def counted(metric: Metric, now: Represented, seed: int) -> dict[str, float]:
    """The standard errors of shares of the sets."""
    shares, n = metric(now, seed), len(now.fixed)
    return {name: (share * (1 - share) / n) ** 0.5 for name, share in shares.items()}


FACTOR_METRICS = {
    "mig": (mig, over_images),
    "dci": (dci, over_images),
    "sap": (sap, over_images),
    "factor_vae": (factor_vae, counted),
}


# ---- of a model


def represent(
    encode: Encode, factors: Factors, images: np.ndarray, values: np.ndarray, seed: int
) -> Represented:
    """Encode the images (N, C, H, W) of these values (N, F), and sets with one factor fixed."""
    rng = np.random.default_rng(seed)
    fixed = rng.integers(len(factors.each), size=VOTES)
    spreads = [np.cov(encode(factors.render(one_set(factors, i, rng))).T) for i in fixed]
    portions = np.split(images, range(SET, len(images), SET))
    codes = np.concatenate([encode(part) for part in portions])
    d = codes.shape[1]
    return Represented(factors, values, codes, fixed, np.reshape(spreads, (VOTES, d, d)))


def one_set(factors: Factors, fixed: int, rng: np.random.Generator) -> np.ndarray:
    values = factors.sample(SET, rng)
    values[:, fixed] = values[0, fixed]
    return values


def measured(now: Represented, seed: int) -> dict[str, Measure]:
    """Every figure beside its control."""
    turned, n, figures = now.turned(seed), len(now.values), {}
    for metric, spread in FACTOR_METRICS.values():
        value, stderr = metric(now, seed), spread(metric, now, seed)
        control = metric(turned, seed)
        for name in value:
            figures[name] = Measure(
                value[name], "of 1", n, seed, None, stderr[name], NOTE, control[name]
            )
    return figures
