"""The kernel's text and its bytes agree, and its operations are what they say, to the last bit.

After a change of kernel.wat, `python -m tests.test_kernel` writes its bytes into kernel.js anew.
"""

import base64
import re
import textwrap

import numpy as np
import pytest

from benchmarks.kernel import TEXT, Kernel, assembled

MODULE = TEXT.with_suffix(".js")
BYTES = re.compile(r"(?<=`)[\sA-Za-z0-9+/=]+(?=`)")
# Of (m, k, n): fours and what is left of them, panels and what is left of them.
SHAPES = [(1, 1, 1), (4, 3, 8), (3, 5, 7), (5, 9, 8), (8, 4, 17), (13, 40, 30)]
GATES = {
    "sigmoid": (1.0, 0.0, 1.0, 0.0),
    "silu": (0.0, 1.0, 1.0, 0.0),
    "tanh": (2.0, 0.0, 2.0, -1.0),
}
EXACT = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "tanh": np.tanh,
}


@pytest.fixture
def kernel():
    return Kernel()


def normal(*shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def product(a, b):
    """A B as sums of 32-bit floats, one after the other."""
    c = np.zeros((len(a), b.shape[1]), np.float32)
    for i in range(a.shape[1]):
        c += a[:, i : i + 1] * b[i : i + 1]
    return c


def test_the_bytes_are_those_of_the_text():
    text = BYTES.search(MODULE.read_text("utf-8"))[0]
    assert base64.b64decode(text) == assembled()


def test_there_is_no_relaxed_simd():
    assert "relaxed_" not in TEXT.read_text("utf-8")


@pytest.mark.parametrize(("m", "k", "n"), SHAPES)
def test_a_product_is_its_sums_in_order(kernel, m, k, n):
    a, b = normal(m, k), normal(k, n) * 3
    np.testing.assert_array_equal(kernel.product(a, b), product(a, b))


def test_a_product_reads_and_writes_by_its_steps(kernel):
    """A convolution's view: B is a picture, C every other place of a larger one."""
    picture, a = normal(6, 12), normal(6, 4)
    offsets = np.array([0, 1, 12, 13], np.int32)  # two by two taps
    c = kernel.put(np.zeros((6, 10, 20), np.float32))
    places, taps = kernel.put(picture), kernel.put(4 * offsets)
    weight = kernel.put(np.concatenate([a[:4].T.ravel(), a[4:].ravel()]))
    kernel.call("product", weight, 6, 4, places, taps, 32, 48, c, 800, 160, 8, 5, 10)
    seen = [picture[i : i + 5, j : j + 10].ravel() for i in (0, 1) for j in (0, 1)]
    want = np.zeros((6, 10, 20), np.float32)
    want[:, ::2, ::2] = product(a, np.array(seen)).reshape(6, 5, 10)
    np.testing.assert_array_equal(kernel.get(c, want.size).reshape(want.shape), want)


@pytest.mark.parametrize("width", [1, 4, 6, 9])
@pytest.mark.parametrize(("step", "apart"), [(1, 1), (2, 1), (1, 3)])
def test_move_takes_numbers_from_one_arrangement_to_another(kernel, width, step, apart):
    x = normal(2, 3, 20)
    y = kernel.put(np.zeros((2, 4, 30), np.float32))
    kernel.call("move", kernel.put(x), 240, 80, 4 * step, y, 480, 120, 4 * apart, 2, 3, width)
    want = np.zeros((2, 4, 30), np.float32)
    want[:, :3, : width * apart : apart] = x[:, :, : width * step : step]
    np.testing.assert_array_equal(kernel.get(y, want.size).reshape(want.shape), want)


@pytest.mark.parametrize("n", [1, 4, 7])
def test_add_and_relu(kernel, n):
    x, y = normal(2, n)
    to = kernel.alloc(4 * n)
    kernel.call("add", kernel.put(x), kernel.put(y), to, n)
    np.testing.assert_array_equal(kernel.get(to, n), x + y)
    kernel.call("relu", kernel.put(x), to, n)
    np.testing.assert_array_equal(kernel.get(to, n), np.maximum(x, 0))


@pytest.mark.parametrize("name", GATES)
def test_a_gate_is_exact_to_some_units_in_the_last_place(kernel, name):
    x = np.concatenate([np.linspace(-100, 100, 20001), normal(1000), [0, 1e30, -1e30]])
    at = kernel.put(x.astype(np.float32))
    kernel.call("gate", at, at, len(x), *GATES[name])
    with np.errstate(over="ignore"):
        want = EXACT[name](x.astype(np.float32).astype(np.float64))
    np.testing.assert_allclose(kernel.get(at, len(x)), want, rtol=5e-7, atol=2e-7)


@pytest.mark.parametrize("n", [1, 2, 9, 64])
def test_moments_are_sums_in_double_precision(kernel, n):
    x, sums = 1000 + normal(n), kernel.alloc(16)
    kernel.call("moments", kernel.put(x), n, sums)
    wide = x.astype(np.float64)
    np.testing.assert_allclose(
        kernel.get(sums, 2, np.float64), [wide.sum(), (wide**2).sum()], rtol=1e-15
    )


@pytest.mark.parametrize("n", [1, 4, 7])
def test_affine_changes_n_numbers_and_no_more(kernel, n):
    x = normal(12)
    at = kernel.put(x)
    kernel.call("affine", at, n, 1.5, -0.25)
    want = np.concatenate([np.float32(1.5) * x[:n] + np.float32(-0.25), x[n:]])
    np.testing.assert_array_equal(kernel.get(at, 12), want)


def renew() -> None:
    lines = "\n".join(textwrap.wrap(base64.b64encode(assembled()).decode(), 100))
    MODULE.write_text(BYTES.sub(f"\n{lines}\n", MODULE.read_text("utf-8"), count=1), "utf-8")


if __name__ == "__main__":
    renew()
