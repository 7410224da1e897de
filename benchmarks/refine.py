"""What `vae.tasks.refine` gains on held-out digits: a lower bound on the amortization gap.

    python -m benchmarks.refine [--n 100] [--seed 0] [--json FILE]

The first n test images of the data set that the shipped digits were trained on, binarized as
`python -m vae evaluate` does it, each refined with the default settings; the gain is measured on
fresh noise. Seconds are processor time on one thread, to which other work on the machine adds
little. MNIST is looked for as `python -m vae` looks for it.
"""

import time
from statistics import median

from benchmarks.table import DIGITS, Json, average, machine, run, show


def main(n: int = 100, seed: int = 0, file: Json = None) -> None:
    import torch

    from vae import bundle
    from vae.data import DATASETS
    from vae.metrics.likelihood import prepared
    from vae.tasks.refine import Refine, gain, refine

    torch.set_num_threads(1)
    notes = [machine()]
    model, _, card, _ = bundle.load(DIGITS)
    source, config = DATASETS[card.data["name"]], Refine(seed=seed)
    gains, seconds = [], []
    x = prepared(source.load("test").x[:n], model.likelihood.binary, seed)
    for image in x.split(1):
        begin = time.process_time()
        *_, best = refine(model, image, config)
        seconds.append(time.process_time() - begin)
        fresh = torch.Generator().manual_seed(seed + 1)  # another than the search had
        gains.append(gain(model, image, best.posterior, fresh).nats)
    notes += [
        f"the first {len(gains)} test images of {source.title}; {config.steps} steps of "
        f"{config.samples} samples, seed {seed}; ± is the standard error over images"
    ]
    row = {
        "n": len(gains),
        "gain, nats": average(gains),
        "least, most": f"{min(gains):.2f}, {max(gains):.2f}",
        "processor seconds an image (median)": f"{median(seconds):.2f}",
    }
    show(notes, [row], file=file)


if __name__ == "__main__":
    run(main)
