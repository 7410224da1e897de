"""Laws of codes of every make: text, distance, typicality, what stands where."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vae import code as codes
from vae.code import Block, Code, Posterior, Prior, normal
from vae.distributions import PRIORS, Choice, Gaussian, Mixture, joint
from vae.errors import InputError

CODES = {
    "normal": normal(3),
    "two levels": Code((Block("z2", "normal", 2, 2), Block("z1", "normal", 3, 1))),
    "choice": Code((Block("y", "choice", 4),)),
    "conditional": Code((Block("y", "choice", 4), Block("z", "normal", 2))),
    "given": codes.conditional(4, 2),
    "mixture": Code((Block("z", "normal", 2),), Prior("mixture", 5)),
    "point": Code((Block("z", "point", 3),), posterior=Posterior("point")),
}
Y, Z_OF_Y = codes.conditional(4, 2).blocks
EVERY = pytest.mark.parametrize("code", CODES.values(), ids=CODES)
FLOATS = st.floats(-1e6, 1e6, width=32)


def example(code: Code, seed: int = 0, classes: bool = True) -> np.ndarray:
    """A code with one class in each choice, or weights between them."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=code.size).astype(np.float32)
    for block, at in codes.slices(code):
        if block.kind == "choice":
            weights = rng.dirichlet(np.ones(block.size))
            z[at] = codes.one_hot(rng.integers(block.size), block.size) if classes else weights
    return z


@EVERY
@pytest.mark.parametrize("classes", [True, False])
def test_text_comes_back_exactly(code, classes):
    for seed in range(20):
        z = example(code, seed, classes)
        np.testing.assert_array_equal(codes.parse(code, codes.text(code, z)), z)


@given(arrays(np.float32, 3, elements=FLOATS))
def test_any_float_comes_back_exactly(z):
    np.testing.assert_array_equal(codes.parse(normal(3), codes.text(normal(3), z)), z)


@pytest.mark.parametrize(
    ("z", "text"),
    [
        ([0.1, -1.5, 3], "0.1,-1.5,3"),
        ([-0.0, 1e-6, 1e-7], "0,0.000001,1e-7"),
        ([999999, -123456.7, 1.2345678e-8], "999999,-123456.7,1.2345678e-8"),
    ],
)
def test_text_is_the_shortest_as_javascript_writes_it(z, text):
    assert codes.text(normal(3), np.array(z, np.float32)) == text


def test_a_class_is_its_index():
    assert codes.text(CODES["conditional"], np.array([0, 0, 1, 0, 0.5, -2])) == "c2,0.5,-2"
    assert codes.text(CODES["conditional"], np.array([0.5, 0.5, 0, 0, 1, 2])) == "0.5,0.5,0,0,1,2"


@pytest.mark.parametrize(
    ("kind", "words", "says"),
    [
        ("normal", "", "ends within 'z', which has 3 numbers"),
        ("normal", "1,2", "ends within 'z'"),
        ("normal", "1,2,3,4", "1 entries too many"),
        ("normal", "1,2,x", "'x'"),
        ("normal", "1,,3", "''"),
        ("normal", "1,2,nan", "'nan'"),
        ("normal", "1,2,1e7", "'1e7' in 'z', where a number between -1,000,000"),
        ("normal", "c1,2,3", "'c1'"),
        ("conditional", "c4,1,2", "'c4' for 'y', whose classes are c0 to c3"),
        ("conditional", "c,1,2", "'c'"),
        ("conditional", "0.5,0.5,0.5,0,1,2", "sum 1"),
        ("conditional", "2,-1,0,0,1,2", "sum 1"),
        ("conditional", "c1", "ends within 'z'"),
    ],
)
def test_text_that_is_no_code_is_refused_in_a_sentence(kind, words, says):
    with pytest.raises(InputError) as refusal:
        codes.parse(CODES[kind], words)
    assert says in str(refusal.value)
    assert str(refusal.value).endswith(".")


@EVERY
def test_blocks_fill_the_code_and_the_encoders_output(code):
    for parts, whole in ((codes.slices(code), code.size), (codes.sections(code), code.outputs)):
        ends = [0]
        for _, at in parts:
            assert at.start == ends[-1]
            ends.append(at.stop)
        assert ends[-1] == whole
    assert [w["widget"] for w in codes.widgets(code)] == [
        "buttons" if block.kind == "choice" else "sliders" for block in code.blocks
    ]


def test_a_summary_names_blocks_prior_and_posterior():
    assert codes.summary(CODES["conditional"]) == (
        "y (choice, 4), z (normal, 2); normal prior, gaussian posterior"
    )
    assert "mixture prior of 5 components" in codes.summary(CODES["mixture"])


@pytest.mark.parametrize("kind", ["conditional", "choice"])
def test_a_settled_code_has_one_class_and_keeps_all_else(kind):
    code = CODES[kind]
    z = np.stack([example(code, seed, classes=False) for seed in range(5)])
    settled, numbers = codes.settled(code, z), codes.free(code)
    np.testing.assert_array_equal(settled[:, numbers], z[:, numbers])
    np.testing.assert_array_equal(np.sort(settled[:, :4]), [[0, 0, 0, 1]] * 5)
    np.testing.assert_array_equal(settled[:, :4].argmax(1), z[:, :4].argmax(1))
    np.testing.assert_array_equal(codes.settled(code, settled), settled)


@EVERY
def test_distance_is_a_metric(code):
    a, b, c = (example(code, seed) for seed in range(3))
    assert codes.distance(a, a) == 0
    assert codes.distance(a, b) == codes.distance(b, a)
    assert codes.distance(a, c) <= codes.distance(a, b) + codes.distance(b, c) + 1e-6
    assert codes.distance(np.stack([a, b]), c).shape == (2,)


def prior_of(code: Code):
    """p(z), with some arrays where it is learned."""
    torch.manual_seed(0)
    parts = []
    for block in code.blocks:
        prior = PRIORS[code.prior_of(block)]
        start = prior.start(block.size, code.prior.components, (1, 2, 2))
        head = prior.head(start, torch.zeros(block.size), None)
        uniform = Choice(torch.zeros(block.size).log_softmax(-1))
        parts.append(uniform if block.kind == "choice" else head)
    return joint(parts)


@EVERY
def test_typicality_of_the_priors_own_codes_is_even(code):
    prior = prior_of(code)
    z = prior.sample(2000, generator=torch.Generator().manual_seed(1)).numpy()
    share = codes.typicality(code, prior, z)
    if not code.has_rate:
        assert share is None
    elif set(codes.free(code)) == {False}:  # all classes are as probable
        assert not share.any()
    else:
        np.testing.assert_allclose(np.quantile(share, [0.1, 0.5, 0.9]), [0.1, 0.5, 0.9], atol=0.05)


@EVERY
def test_a_less_probable_code_is_less_typical(code):
    if code.has_rate and codes.free(code).any():
        prior = prior_of(code)
        z = np.stack([example(code), example(code)])
        z[1, codes.free(code)] = 100
        share = codes.typicality(code, prior, z)
        assert share[0] < share[1] == pytest.approx(1)
        assert prior.log_prob(torch.from_numpy(z)).diff() < 0


def test_typicality_of_the_normal_prior_is_that_of_the_norm():
    prior = Gaussian(torch.zeros(2), torch.ones(2))
    share = codes.typicality(normal(2), prior, np.array([[0, 0], [3, 4]]))
    np.testing.assert_allclose(share, [0, 1 - np.exp(-12.5)])


def test_typicality_of_a_mixture_is_its_own_density_not_the_norm():
    weights, loc = torch.tensor([0.5, 0.5]).log(), torch.tensor([[-5.0, 0.0], [5.0, 0.0]])
    prior = Mixture(weights, Gaussian(loc, torch.ones(2, 2)))
    here, between = codes.typicality(CODES["mixture"], prior, np.array([[5, 0], [0, 0]]))
    assert here < 0.01
    assert between > 0.99


@pytest.mark.parametrize(
    ("blocks", "more", "says"),
    [
        ([Block("z", "normal", 2), Block("z", "normal", 2)], {}, "names must differ"),
        ([Block("z", "normal", 2)], {"posterior": Posterior("point")}, "point posterior"),
        ([Block("z", "point", 2)], {}, "point posterior"),
        ([Block("z", "normal", 2)], {"prior": Prior("mixture")}, "components"),
        ([Block("a", "normal", 2), Block("b", "normal", 2)], {"prior": Prior("mixture", 2)}, "one"),
        ([Block("y", "choice", 2)], {"prior": Prior("mixture", 2)}, "one block"),
        ([Block("z", "normal", 2, given="y")], {}, "'z' is given 'y', which is no choice"),
        ([Y, Block("z", "normal", 2, given="z")], {}, "'z' is given 'z', which is no choice"),
        ([Y, Z_OF_Y], {"prior": Prior("mixture", 2)}, "of a block that is given no class"),
    ],
)
def test_entries_that_contradict_each_other_are_refused(blocks, more, says):
    with pytest.raises(InputError, match=says):
        Code(tuple(blocks), **more)


def test_a_learned_prior_is_that_of_the_highest_level():
    code = Code((Block("z2", "normal", 2, 2), Block("z1", "normal", 3, 1)), Prior("mixture", 4))
    assert [code.prior_of(block) for block in code.blocks] == ["mixture", "normal"]


def test_a_choice_cannot_be_given_a_class():
    with pytest.raises(InputError, match="'y' cannot itself be given a class"):
        Block("y", "choice", 4, given="z")


def test_the_encoder_has_a_posterior_for_each_class_of_what_is_given_one():
    assert CODES["given"].size == CODES["conditional"].size
    assert CODES["conditional"].outputs == 4 + 2 * 2
    assert CODES["given"].outputs == 4 + 4 * 2 * 2


def test_a_class_is_only_for_codes_with_one_choice():
    assert CODES["conditional"].choice.name == "y"
    assert CODES["given"].choice == Y
    with pytest.raises(InputError, match="this one has none"):
        _ = CODES["normal"].choice
