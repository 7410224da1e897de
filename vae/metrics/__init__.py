"""What can be measured of a model's codes: each one function, each one line here.

A member takes the posteriors of a data set, `mean` and `scale` (N, D), and returns a number.
Likelihood estimates, which need the model, are in `likelihood.py`; the map's in `maps.py`; those of
images whose factors are known, FACTOR_METRICS, in `disentanglement.py`.
"""

from vae.metrics.codes import METRICS, UNITS
from vae.metrics.disentanglement import FACTOR_METRICS
from vae.metrics.measure import Measure

__all__ = ["FACTOR_METRICS", "METRICS", "UNITS", "Measure"]
