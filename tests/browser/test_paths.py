"""The browser finds the paths, planes and directions that Python finds."""

from statistics import NormalDist

import numpy as np
import pytest

import vae
from vae import latent
from vae.directions import direction
from vae.paths import PATHS, World, data_line, geodesic_line

from .conftest import ROOT

TIMES = [-0.5, 0, 0.1, 1 / 3, 0.5, 0.9, 1, 1.5]
DIMS = 16

# The body of a function of the modules, what it is given, and a short name for a typed array; what
# it returns comes back as plain lists.
CALL = """async ([body, input]) => {
  const modules = ["latent", "normal", "graph", "paths", "direction"];
  const paths = Object.assign({}, ...await Promise.all(
    modules.map((name) => import(`/live/core/${name}.js`))));
  const f32 = (v) => Float32Array.from(v);
  const got = new Function("paths", "input", "f32", body)(paths, input, f32);
  return JSON.parse(JSON.stringify(got, (_, v) => ArrayBuffer.isView(v) ? Array.from(v) : v));
}"""
REFUSED = "try { %s; return null; } catch (why) { return [why.constructor.name, why.message]; }"


@pytest.fixture(scope="module")
def run(page):
    return lambda body, **given: page.evaluate(CALL, [body, given])


@pytest.fixture(scope="module")
def world():
    bundle = vae.load(ROOT / "assets/digits")
    return World(lambda z: bundle.model.decode(z).mean, bundle.atlas.mean[:1500])


def some_codes(n, seed=0):
    return np.random.default_rng(seed).normal(size=(n, DIMS)).astype(np.float32)


@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize("ends", ["known", "free", "equal"])
def test_a_path_is_the_same(run, world, kind, ends):
    z0, z1 = {
        "known": world.codes[[3, 1200]],
        "free": some_codes(2),
        "equal": world.codes[[5, 5]],
    }[ends]
    points, at = geodesic_line(z0, z1, world)
    want = PATHS[kind](z0, z1, world, np.array(TIMES))
    got = run(
        """const codes = f32(input.codes), d = input.z0.length;
        const tools = { graph: paths.dataGraph(codes, d), knots:
          { points: f32(input.points), at: input.at } };
        const at = paths.makePath(input.kind, f32(input.z0), f32(input.z1), tools);
        return input.times.map(at);""",
        codes=world.codes.ravel().tolist(), z0=z0.tolist(), z1=z1.tolist(), kind=kind,
        points=points.ravel().tolist(), at=at.tolist(), times=TIMES,
    )  # fmt: skip
    codes = [[part["z"] for part in moment] for moment in got]
    np.testing.assert_allclose(codes, want.codes, atol=1e-5)
    np.testing.assert_allclose([[p["weight"] for p in m] for m in got], want.weights, atol=1e-12)
    shown = [p["z"] for m in (got[TIMES.index(0)], got[TIMES.index(1)]) for p in m if p["weight"]]
    assert (np.float32(shown) == [z0, z1]).all()


def test_the_browser_knows_the_same_paths(run):
    assert run("return Object.keys(paths.PATHS)") == list(PATHS)


def test_the_ways_over_the_data_are_the_same(run, world):
    ends = some_codes(40, seed=3).reshape(20, 2, DIMS)
    got = run(
        """const graph = paths.dataGraph(f32(input.codes), 16);
        return input.ends.map(([a, b]) => paths.dataPath(graph, f32(a), f32(b)));""",
        codes=world.codes.ravel().tolist(), ends=ends.tolist(),
    )  # fmt: skip
    for way, (z0, z1) in zip(got, ends, strict=True):
        want = data_line(z0, z1, world).points
        np.testing.assert_allclose(np.reshape(way, (-1, DIMS)), want, atol=1e-6)


def test_a_graph_grows_in_pieces(run):
    codes = some_codes(100)
    shares, same = run(
        """const codes = f32(input.codes), growing = paths.growGraph(codes, 16), shares = [];
        let step = growing.next();
        for (; !step.done; step = growing.next()) shares.push(step.value);
        const whole = paths.dataGraph(codes, 16);
        return [shares, ["start", "to", "cost"].every((k) =>
          String(whole[k]) === String(step.value[k]))];""",
        codes=codes.ravel().tolist(),
    )
    assert same
    assert shares == sorted(shares)
    assert len(shares) == 6


def test_where_no_edge_leads_over_the_way_is_straight(run):
    clouds = np.random.default_rng(0).normal(size=(40, 2))
    clouds[20:] += 100
    got = run(
        """const codes = f32(input.codes), z = (i) => codes.slice(2 * i, 2 * i + 2);
        return paths.dataPath(paths.dataGraph(codes, 2), z(0), z(30));""",
        codes=clouds.ravel().tolist(),
    )
    np.testing.assert_allclose(np.reshape(got, (-1, 2)), clouds[[0, 30]], rtol=1e-6)


def test_planes_corners_and_analogies_are_the_same(run):
    codes, places = some_codes(5), np.random.default_rng(1).normal(size=(9, 2)) * 4
    got = run(
        """const [a, b, c, e, z] = input.codes.map(f32), plane = paths.plane(a, b, c);
        const four = f32(input.codes.slice(0, 4).flat());
        return { lift: input.places.map(plane.lift), place: [z, b].map(plane.place),
          corners: input.places.map(([u, v]) => paths.corners(four, u, v)),
          analogy: paths.analogy(a, b, c) };""",
        codes=codes.tolist(), places=places.tolist(),
    )  # fmt: skip
    plane = latent.plane(*codes[:3])
    want = {
        "lift": plane.lift(places),
        "place": plane.place(codes[[4, 1]].astype(np.float64)),
        "corners": latent.corners(codes[:4], *places.T),
        "analogy": latent.analogy(*codes[:3]),
    }
    for what, value in want.items():
        np.testing.assert_allclose(got[what], value, rtol=1e-6, atol=1e-5, err_msg=what)


def test_a_walk_joins_its_legs(run):
    codes = some_codes(4)
    got = run(
        """const [a, b, c, e] = input.codes.map(f32);
        const leg = (x, y) => paths.makePath("line", x, y);
        const at = paths.join([leg(a, b), leg(b, c), leg(c, e)]);
        return [0, 1, 2, 3, -1, 4].map((t) => at(t)[0].z);""",
        codes=codes.tolist(),
    )
    beyond = [2 * codes[0] - codes[1], 2 * codes[3] - codes[2]]
    np.testing.assert_allclose(got, [*codes, *beyond], atol=1e-5)


def test_the_inverse_normal_is_right_to_the_tails(run):
    shares = [1e-300, 1e-20, 1e-9, 0.001, 0.02, 0.07, 0.075, 0.3, 0.5, 0.8, 0.95, 1 - 1e-12]
    got = run("return input.shares.map(paths.inverseNormal)", shares=shares)
    np.testing.assert_allclose(got, [NormalDist().inv_cdf(p) for p in shares], rtol=1e-12)


@pytest.mark.parametrize(("n", "m"), [(3, 3), (12, 7), (40, 200)])
def test_a_direction_is_the_same(run, n, m):
    x, y = some_codes(n) + 0.3, some_codes(m, seed=1)
    got = run(
        "return paths.direction(f32(input.x), f32(input.y), 16)",
        x=x.ravel().tolist(), y=y.ravel().tolist(),
    )  # fmt: skip
    want = direction(x, y)
    np.testing.assert_allclose(got["vector"], want.vector, atol=1e-12)
    assert got["auc"] == pytest.approx(want.auc, abs=1e-12)
    assert got["alignment"] == pytest.approx(want.alignment, abs=1e-12)
    assert got["randomAlignment"] == pytest.approx(want.random_alignment, abs=1e-12)
    assert (got["nWith"], got["nWithout"]) == (n, m)


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("paths.slerp(f32([1, 2]), f32([-1, -2]), 0.5)", "opposite"),
        ("paths.makePath('slerp', f32([0, 0]), f32([1, 2]))", "zero code"),
        ("paths.makePath('line', f32([1]), f32([1, 2]))", "same model"),
        ("paths.makePath('pixels', f32([1, NaN]), f32([1, 2]))", "finite"),
        ("paths.makePath('constructor', f32([1]), f32([1]))", "Unknown path"),
        ("paths.makePath('geodesic', f32([1]), f32([1]))", "not computed"),
        ("paths.makePath('data', f32([1]), f32([1]), {})", "not computed"),
        ("paths.plane(f32([0, 0]), f32([1, 1]), f32([2, 2]))", "one line"),
        ("paths.join([])", "2 to 8 key frames"),
        ("paths.join(Array(8).fill(() => 0))", "these are 9"),
        ("paths.inverseNormal(1)", "between 0 and 1"),
        ("paths.direction(f32([1, 2]), f32([1, 2, 3]), 1)", "these are 2 and 3"),
        ("paths.direction(f32([1, 2, NaN]), f32([1, 2, 3]), 1)", "finite"),
        ("paths.direction(f32([1, 2, 3]), f32([1, 2, 3]), 1)", "same mean"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(run, call, why):
    name, message = run(REFUSED % call)
    assert name == "InputError"
    assert why in message
