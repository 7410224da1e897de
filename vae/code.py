"""What a code is made of, as data, and what follows from it. `live/core/code.js` is its twin.

A code is one vector z of D numbers: its blocks, one after the other.

    kind      the block's numbers                        prior        the encoder's output for it
    normal    `size` numbers                             N(0, I) *    size means, size log-scales
    choice    `size` weights, non-negative, of sum 1;    uniform      size logits
              one class is the weight 1 at its place
    point     `size` numbers, the posterior all on one   N(0, I) *    size numbers

The encoder's output is those of the blocks, one after the other. A block that is `given` a choice
has a posterior for each of the choice's classes, one after the other: q(z|x, y). Without a class it
is that of the likeliest one, argmax q(y|x). Of a Gaussian posterior

    mean = m,   scale = exp(min(softclip(s, -6), 10)),   softclip(s, low) = low + softplus(s - low)

but no farther from the prior than 100 and 5 of its standard deviations, which only what is unlike
all training data would be; of a choice softmax(logits). `level` is 1 for what stands nearest to the
picture; a deeper block comes first and has a higher level. Codes of lower levels are kept in noise
coordinates: the decoder's op `noise` makes mu(z2) + sigma(z2) eps of them, so that their prior
stays N(0, I).

* A learned prior (`PRIORS` in distributions.py; arrays `prior.*` of the weights) is that of the
one block of the highest level which is not a choice:

    mixture   sum_k softmax(logits)_k N(z; loc_k, diag exp(log_scale_k)^2)
    vamp      1/K sum_k q(z|u_k),   u_k = sigmoid(inputs_k) a pseudo-input (C, H, W) in [0, 1]

All blocks are independent, so log p(z) is the sum of the blocks' (log 1/size for a choice, also
between its classes), and a sample the samples of the blocks, one after the other.

As text a code is its numbers with commas between, each the shortest decimal that is the same
float32; a choice that is one class is `c` and its index: "0.25,-1.5,c7".
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from msgspec import UNSET, Meta, Struct, UnsetType

from vae.errors import InputError

LARGEST = 1e6  # of a code's number; float32 decoders still answer with finite images
SAMPLES = 10_000  # of a learned prior, among which a code's typicality is its rank
Size = Annotated[int, Meta(ge=1, le=2**16)]


class Block(Struct, frozen=True, forbid_unknown_fields=True):
    """Some numbers of a code that belong together."""

    name: Annotated[str, Meta(min_length=1)]
    kind: Literal["normal", "choice", "point"]
    size: Size
    level: Annotated[int, Meta(ge=1, le=100)] = 1  # 1 is nearest to the picture
    given: str | UnsetType = UNSET  # the name of the choice that its posterior depends on

    def __post_init__(self):
        if self.kind == "choice" and self.size < 2:
            raise InputError(f"the choice {self.name!r} needs at least 2 classes")
        if self.kind == "choice" and self.given is not UNSET:
            raise InputError(f"the choice {self.name!r} cannot itself be given a class")


class Prior(Struct, frozen=True, forbid_unknown_fields=True):
    kind: str = "normal"  # a key of PRIORS
    components: Size | UnsetType = UNSET  # of a learned one


class Posterior(Struct, frozen=True, forbid_unknown_fields=True):
    kind: Literal["gaussian", "point"] = "gaussian"


class Code(Struct, frozen=True, forbid_unknown_fields=True):
    """The blocks in their order, the prior and the kind of posterior."""

    blocks: Annotated[tuple[Block, ...], Meta(min_length=1)]
    prior: Prior = Prior()
    posterior: Posterior = Posterior()

    def __post_init__(self):
        """Raise InputError where the entries contradict each other."""
        names = [block.name for block in self.blocks]
        if len(set(names)) < len(names):
            raise InputError(f"the blocks' names must differ, not {', '.join(names)}")
        kinds = {block.kind for block in self.blocks}
        if ("normal" if self.posterior.kind == "point" else "point") in kinds:
            raise InputError(
                "point blocks and the point posterior go together, and without normal blocks"
            )
        if (self.prior.kind == "normal") != (self.prior.components is UNSET):
            raise InputError("a prior has components if it is learned, and only then")
        choices = {block.name for block in self.blocks if block.kind == "choice"}
        if strange := [b for b in self.blocks if b.given is not UNSET and b.given not in choices]:
            raise InputError(
                f"{strange[0].name!r} is given {strange[0].given!r}, which is no choice of the code"
            )
        tops = self.tops
        if self.prior.kind != "normal" and len(tops) != 1:
            raise InputError(
                "a learned prior needs one block on the highest level that is not a choice, "
                f"not {len(tops)}"
            )
        if self.prior.kind != "normal" and tops[0].given is not UNSET:
            raise InputError("a learned prior is of a block that is given no class")

    @property
    def size(self) -> int:
        """D"""
        return sum(block.size for block in self.blocks)

    @property
    def outputs(self) -> int:
        """How many numbers the encoder ends in."""
        return sum(self.outputs_of(block) for block in self.blocks)

    def outputs_of(self, block: Block) -> int:
        """How many of these are about one block."""
        classes = [one.size for one in self.blocks if one.name == block.given] or [1]
        return KINDS[block.kind].outputs * block.size * classes[0]

    @property
    def has_rate(self) -> bool:
        """Whether codes cost nats: a posterior that is one point has no density, so no rate."""
        return self.posterior.kind != "point"

    @property
    def has_choice(self) -> bool:
        return any(block.kind == "choice" for block in self.blocks)

    @property
    def is_conditional(self) -> bool:
        """Whether its choice is the class that the data have, which the model learned with."""
        return any(block.given is not UNSET for block in self.blocks)

    @property
    def choice(self) -> Block:
        """The block that a class `y` fixes. Raises InputError where there is not exactly one."""
        match [block for block in self.blocks if block.kind == "choice"]:
            case [block]:
                return block
            case found:
                raise InputError(
                    f"A class is for models with one choice in their code; this one has "
                    f"{len(found) or 'none'}."
                )

    @property
    def tops(self) -> list[Block]:
        """The blocks of the highest level, without choices."""
        numbers = [block for block in self.blocks if block.kind != "choice"]
        return [b for b in numbers if b.level == max(b.level for b in numbers)]

    def prior_of(self, block: Block) -> str:
        """The kind of prior that one block, no choice, has: a learned one is that of the top."""
        return self.prior.kind if block in self.tops else "normal"


def normal(size: int) -> Code:
    """N(0, I) and a Gaussian posterior: the code of a plain variational autoencoder."""
    return Code((Block("z", "normal", size),))


def conditional(classes: int, size: int) -> Code:
    """A class and numbers with the prior N(0, I) whatever it is: that of a conditional one."""
    return Code((Block("class", "choice", classes), Block("z", "normal", size, given="class")))


def slices(code: Code) -> Iterator[tuple[Block, slice]]:
    """Each block and where it is in a code."""
    start = 0
    for block in code.blocks:
        yield block, slice(start, start + block.size)
        start += block.size


def sections(code: Code) -> Iterator[tuple[Block, slice]]:
    """Each block and where its part of the encoder's output is."""
    start = 0
    for block in code.blocks:
        size = code.outputs_of(block)
        yield block, slice(start, start + size)
        start += size


def summary(code: Code) -> str:
    """What a code is made of, in a line."""
    blocks = ", ".join(f"{block.name} ({block.kind}, {block.size})" for block in code.blocks)
    parts = "" if code.prior.components is UNSET else f" of {code.prior.components} components"
    return f"{blocks}; {code.prior.kind} prior{parts}, {code.posterior.kind} posterior"


def widgets(code: Code) -> list[dict[str, Any]]:
    """How a hand sets each block: a slider for each number, or a button for each class."""
    return [
        {"name": b.name, "widget": KINDS[b.kind].widget, "start": at.start, "stop": at.stop}
        for b, at in slices(code)
    ]


# ---- numbers


def one_hot(k: int | np.ndarray, size: int) -> np.ndarray:
    """The weights (..., size) of classes (...)."""
    return np.eye(size, dtype=np.float32)[k]


def chosen(weights: np.ndarray) -> int | None:
    """The class whose weight is all; None between classes."""
    k = int(np.argmax(weights))
    return k if np.array_equal(weights, one_hot(k, len(weights))) else None


def settled(code: Code, z: np.ndarray) -> np.ndarray:
    """Codes (..., D) with one class in each choice, that of the largest weight."""
    out = np.array(z)
    for block, at in slices(code):
        if block.kind == "choice":
            out[..., at] = one_hot(out[..., at].argmax(-1), block.size)
    return out


def distance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Between codes (..., D), Euclidean: (...); from class to class it is the root of 2."""
    return np.linalg.norm(np.asarray(a, np.float64) - b, axis=-1)


def free(code: Code) -> np.ndarray:
    """Which of the D numbers belong to no choice."""
    return np.concatenate([np.full(b.size, b.kind != "choice") for b in code.blocks])


def typicality(code: Code, prior, z: np.ndarray, seed: int = 0) -> np.ndarray | None:
    """The share of the prior's codes that are more probable than `z` (N, D): (N,), in [0, 1].

    Exact for N(0, I), where it is the chi distribution of the norm, P(|e| < |z|); under a learned
    prior the share among `SAMPLES` samples. A class of a choice is as probable as any other. None
    for a posterior that is one point: what the prior says of such codes means nothing.
    """
    if not code.has_rate:
        return None
    return (below_norm if code.prior.kind == "normal" else among_samples)(code, prior, z, seed)


def below_norm(code: Code, prior, z: np.ndarray, seed: int) -> np.ndarray:
    import torch

    r = torch.from_numpy(np.asarray(z, np.float64)[:, free(code)])
    if r.shape[1] == 0:
        return np.zeros(len(r))
    half = torch.full((len(r),), r.shape[1] / 2, dtype=r.dtype)
    return torch.special.gammainc(half, r.square().sum(1) / 2).numpy()


def among_samples(code: Code, prior, z: np.ndarray, seed: int) -> np.ndarray:
    import torch

    with torch.no_grad():
        drawn = prior.sample(SAMPLES, generator=torch.Generator().manual_seed(seed))
        known = prior.log_prob(drawn).sort().values
        here = prior.log_prob(torch.from_numpy(np.asarray(z, np.float32)))
        return 1 - torch.searchsorted(known, here, right=True).double().numpy() / SAMPLES


# ---- text


def text(code: Code, z: np.ndarray) -> str:
    """`z` (D,) as text; `parse` is its inverse."""
    z = np.asarray(z, np.float32)
    return ",".join(part for b, at in slices(code) for part in KINDS[b.kind].write(z[at]))


def parse(code: Code, words: str) -> np.ndarray:
    """The code (D,) that `text` wrote, float32.

    Raises:
        InputError: another number of entries, or an entry that its block cannot hold.
    """
    entries = words.split(",") if words else []
    z = []
    for block in code.blocks:
        values, entries = KINDS[block.kind].read(block, entries)
        z += values
    if entries:
        raise InputError(f"The code has {len(entries)} entries too many.")
    return np.array(z, np.float32)


def shortest(v: np.float32) -> str:
    """The shortest decimal of a float32, written as JavaScript writes numbers."""
    if v == 0:
        return "0"
    if abs(v) < 1e-6:
        return np.format_float_scientific(v, unique=True, trim="-", exp_digits=1)
    return np.format_float_positional(v, unique=True, trim="-")


def write_numbers(values: np.ndarray) -> list[str]:
    return [shortest(v) for v in values]


def read_numbers(block: Block, entries: list[str]) -> tuple[list[float], list[str]]:
    if len(entries) < block.size:
        raise InputError(f"The code ends within {block.name!r}, which has {block.size} numbers.")
    return [number(block, entry) for entry in entries[: block.size]], entries[block.size :]


def number(block: Block, entry: str) -> float:
    if re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", entry, re.ASCII) and abs(float(entry)) <= LARGEST:
        return float(entry)
    raise InputError(
        f"The code has {entry!r} in {block.name!r}, where a number between "
        f"-{LARGEST:,.0f} and {LARGEST:,.0f} should be."
    )


def write_choice(weights: np.ndarray) -> list[str]:
    k = chosen(weights)
    return write_numbers(weights) if k is None else [f"c{k}"]


def read_choice(block: Block, entries: list[str]) -> tuple[list[float], list[str]]:
    if not (entries and entries[0].startswith("c")):
        return read_weights(block, entries)
    k = entries[0][1:]
    if not (re.fullmatch(r"\d{1,9}", k, re.ASCII) and int(k) < block.size):
        raise InputError(
            f"The code has {entries[0]!r} for {block.name!r}, whose classes are "
            f"c0 to c{block.size - 1}."
        )
    return one_hot(int(k), block.size).tolist(), entries[1:]


def read_weights(block: Block, entries: list[str]) -> tuple[list[float], list[str]]:
    weights, rest = read_numbers(block, entries)
    if not are_weights(weights):
        raise InputError(f"The code's weights in {block.name!r} must be positive with the sum 1.")
    return weights, rest


def are_weights(values: Sequence[float]) -> bool:
    return min(values) >= 0 and abs(sum(values) - 1) <= 1e-4


class Kind(NamedTuple):
    """What one kind of block means to those who know nothing of kinds."""

    outputs: int  # numbers of the encoder for each number of the block
    widget: Literal["sliders", "buttons"]
    write: Callable[[np.ndarray], list[str]]
    read: Callable[[Block, list[str]], tuple[list[float], list[str]]]


KINDS = {
    "normal": Kind(2, "sliders", write_numbers, read_numbers),
    "choice": Kind(1, "buttons", write_choice, read_choice),
    "point": Kind(1, "sliders", write_numbers, read_numbers),
}
