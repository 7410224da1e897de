"""Models that need no training, as bundles: what `runs` is for those that do."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from torch import Tensor

from vae import bundle
from vae.atlas import survey
from vae.card import AtlasCard, Card
from vae.data import Dataset, Images
from vae.models.ppca import PPCA, as_vae, closed_form, moments
from vae.project import Umap
from vae.runs import entry


@dataclass(frozen=True)
class Ancestor:
    """Which model is made of what, and where it goes."""

    data: Dataset
    folder: Path  # of the bundle
    latent: int = 16
    title: str = ""  # the data set's where there is none
    command: str = ""  # that asked for it
    examples: int = 10_000  # in the atlas, at most


class Made(NamedTuple):
    model: PPCA
    images: int  # that it was made of
    test: Tensor  # (N, C, H, W) uint8, those in the atlas


def made(plan: Ancestor) -> Made:
    """Probabilistic PCA of all training images, written as a bundle.

    Raises:
        InputError: the folder holds something else; so many dimensions are too many.
    """
    bundle.check_target(plan.folder)
    test = plan.data.load("test").take(slice(plan.examples))
    train = plan.data.published("train")
    model = closed_form(moments(train.x), plan.latent)
    vae = as_vae(model, plan.data.image)
    atlas = survey(vae, test, Umap())
    bundle.save(plan.folder, vae, atlas, card(plan, vae, train, len(test.x)))
    return Made(model, len(train.x), test.x)


def card(plan: Ancestor, vae, train: Images, n: int) -> Card:
    data = plan.data
    return Card(
        title=plan.title or data.title,
        description=f"Probabilistic PCA of {data.title}: {plan.latent} latent dimensions, two "
        "linear layers, in closed form.",
        family="vae",
        **vae.config.entries(),
        data=entry(data, len(train.x), 0, train.checksums),
        training={"method": "closed form", "noise": "shared", "command": plan.command},
        atlas=AtlasCard("test", n, asdict(Umap())),
        prepare={"size": data.image[1:], "channels": data.image[0], **data.prepare},
    )
