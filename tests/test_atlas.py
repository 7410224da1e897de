import numpy as np
import pytest

from vae.atlas import encode_all, survey
from vae.data import Images
from vae.data.base import to_unit
from vae.distributions import LIKELIHOODS
from vae.objective import surprise
from vae.project import Umap


@pytest.fixture
def held_out(digits):
    return Images(digits.x[:30], digits.y[:30], {})


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_an_atlas_holds_what_the_model_says(make_model, held_out, likelihood):
    model, shares = make_model(likelihood=likelihood), []
    atlas = survey(model, held_out, Umap(neighbors=5), shares.append)
    x = to_unit(held_out.x)
    q = model.encode(x)
    np.testing.assert_allclose(atlas.mean, q.mean.detach(), rtol=1e-6)
    np.testing.assert_allclose(atlas.scale, q.stddev.detach(), rtol=1e-6)
    known, want = atlas.named(), surprise(model, x)
    np.testing.assert_allclose(known["rate"], want.rate, rtol=1e-5)
    np.testing.assert_allclose(known["distortion"], want.distortion, rtol=1e-5)
    np.testing.assert_allclose(known["surprise"], want.nats, rtol=1e-4)
    assert (atlas.label == held_out.y.numpy()).all()
    assert (atlas.index == np.arange(30)).all()
    assert atlas.umap.shape == (30, 2)
    assert shares[-1] == 1


def test_there_is_no_label_where_the_data_have_none(make_model, held_out):
    atlas = survey(make_model(), held_out._replace(y=None), Umap(neighbors=5))
    assert atlas.label is None


def test_codes_do_not_depend_on_portions(make_model, digits):
    model = make_model()
    whole, tail = encode_all(model, digits.x), encode_all(model, digits.x[990:1010])
    for name, array in whole.items():
        assert len(array) == len(digits.x)
        np.testing.assert_allclose(array[990:1010], tail[name], rtol=1e-4, atol=1e-5)
