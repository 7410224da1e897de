"""A checkpoint: the state of a training as one safetensors file, which can run no code.

`save` and `load` are inverses. As all randomness of training is a function of (seed, step, rank),
weights, moments and a step number are all that it takes to go on as if nothing had happened.
"""

import json
from dataclasses import asdict
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor, empty_like

from vae.errors import InputError
from vae.files import replace
from vae.train import Best, State, Train


def tensors(state: State) -> dict[str, Tensor]:
    """A state's numbers under flat names."""
    flat = {f"model.{k}": v for k, v in state.model.state_dict().items()}
    flat |= {f"ema.{k}": v for k, v in state.ema.state_dict().items()}
    for i, moments in state.optimizer.state_dict()["state"].items():
        flat |= {f"adam.{i}.{k}": v for k, v in moments.items()}
    if state.best:
        flat |= {f"best.{k}": v for k, v in state.best.weights.items()}
    return {k: v.detach().cpu().contiguous() for k, v in flat.items()}


def save(path: Path, state: State, config: Train, data: str = "", noise: str = "pixel") -> None:
    """Write a training on the data set `data` with this `noise`, which no shape of a weight tells;
    a crash leaves the old file or the new one, whole.

    Raises:
        InputError: the place cannot be written, or is full; the old file is as it was.
    """
    best = {"objective": state.best.objective, "step": state.best.step} if state.best else None
    about = {"step": state.step, "best": best, "train": asdict(config)}
    about |= {"data": data, "noise": noise}
    texts = {k: json.dumps(v) for k, v in about.items()}
    replace(path, to_bytes(tensors(state), metadata=texts))


def load(path: Path, state: State, config: Train, data: str = "", noise: str = "pixel") -> None:
    """Restore `state` from a checkpoint.

    Raises:
        InputError: the file is damaged, or belongs to a training with other settings or data.
    """
    try:
        about, flat = read(path)
        own = about["data"], about.get("noise", "pixel"), about["train"]
        if own != (data, noise, asdict(config)):
            said = f"{own[0]}, noise {own[1]}, {own[2]}"
            raise InputError(
                f"{path} belongs to a run with other settings ({said}). "
                "Use those to continue it, or name another folder."
            )
        restore(state, about, flat)
    except InputError:
        raise
    except Exception as why:  # safetensors, json and torch each raise their own
        raise InputError(
            f"The checkpoint {path} cannot be used ({why}). Delete it to start this run again."
        ) from why


def read(path: Path) -> tuple[dict, dict[str, Tensor]]:
    with safe_open(path, "pt") as f:
        about = {k: json.loads(v) for k, v in f.metadata().items()}
        return about, {k: f.get_tensor(k) for k in f.keys()}  # noqa: SIM118 (not a dict)


def restore(state: State, about: dict, flat: dict[str, Tensor]) -> None:
    state.model.load_state_dict(part(flat, "model."))
    state.ema.load_state_dict(part(flat, "ema."))
    weights = [p for group in state.optimizer.param_groups for p in group["params"]]
    moments = {}
    for name, value in part(flat, "adam.").items():
        i, key = name.split(".", 1)
        moments.setdefault(int(i), {})[key] = laid_out_as(weights[int(i)], value)
    groups = state.optimizer.state_dict()["param_groups"]
    state.optimizer.load_state_dict({"state": moments, "param_groups": groups})
    state.step = about["step"]
    if (best := about["best"]) is None:
        state.best = None
    else:
        state.best = Best(best["objective"], best["step"], part(flat, "best."))


def laid_out_as(weight: Tensor, value: Tensor) -> Tensor:
    """In the same order in memory, without which a fused optimizer would mix its numbers up."""
    return empty_like(weight).copy_(value) if value.shape == weight.shape else value


def part(flat: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in flat.items() if k.startswith(prefix)}
