"""The engine's kernel outside of any browser: vae/live/core/kernel.wat in wasmtime."""

from pathlib import Path

import numpy as np
import wasmtime

TEXT = Path(__file__).parents[1] / "vae" / "live" / "core" / "kernel.wat"
FIRST = 64  # what stands before it in memory is the kernel's own
PAGE = 65536


def assembled() -> bytes:
    return bytes(wasmtime.wat2wasm(TEXT.read_text("utf-8")))


class Kernel:
    """An instance of the kernel: `kernel.call("add", x, y, to, n)` with addresses in its memory."""

    def __init__(self):
        self.store = wasmtime.Store()
        module = wasmtime.Module(self.store.engine, assembled())
        self.exports = wasmtime.Instance(self.store, module, []).exports(self.store)
        self.memory = self.exports["memory"]
        self.top = FIRST

    def alloc(self, size: int) -> int:
        """The address of `size` bytes, and of 64 more that nobody uses."""
        address = self.top
        self.top += -(-size // 64) * 64 + 64
        if (lacking := self.top - self.memory.data_len(self.store)) > 0:
            self.memory.grow(self.store, -(-lacking // PAGE))
        return address

    def put(self, values: np.ndarray) -> int:
        """The address of a copy of `values`."""
        address = self.alloc(values.nbytes)
        self.memory.write(self.store, values.tobytes(), address)
        return address

    def get(self, address: int, n: int, kind: type = np.float32) -> np.ndarray:
        raw = self.memory.read(self.store, address, address + n * np.dtype(kind).itemsize)
        return np.frombuffer(raw, kind)

    def call(self, name: str, *arguments: float) -> None:
        self.exports[name](self.store, *arguments)

    def product(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """A B, with B in panels of eight columns as a dense layer has it."""
        (m, k), n = a.shape, b.shape[1]
        c = self.alloc(4 * m * n)
        offsets = self.put(32 * np.arange(k, dtype=np.int32))
        places = self.put(panels(b))
        self.call(
            "product", self.put(packed(a)), m, k, places, offsets, 32 * k, 0, c, 4 * n, 0, 4, 1, n
        )
        return self.get(c, m * n).reshape(m, n)


def packed(a: np.ndarray) -> np.ndarray:
    """The rows of A by four, each four number by number; then the rows that are left."""
    whole = len(a) - len(a) % 4
    fours = a[:whole].reshape(-1, 4, a.shape[1]).transpose(0, 2, 1)
    return np.concatenate([fours.ravel(), a[whole:].ravel()])


def panels(b: np.ndarray) -> np.ndarray:
    """The columns of B by eight, with zeros after the last."""
    full = np.pad(b, ((0, 0), (0, -b.shape[1] % 8)))
    return np.ascontiguousarray(full.reshape(len(b), -1, 8).transpose(1, 0, 2))
