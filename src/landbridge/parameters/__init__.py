"""Typed coefficients with low, central, high, unit, year and evidence.

`load_defaults()` gives the `Parameters` that ship with the package; `Parameters.lookup` finds the
row for a place, a country pair, a country, a group of countries or the default, in this order.
"""

from landbridge.parameters.goods import GoodsClass, goods_class, goods_classes
from landbridge.parameters.load import load_defaults
from landbridge.parameters.tree import Parameter, Parameters

__all__ = [
    "GoodsClass",
    "Parameter",
    "Parameters",
    "goods_class",
    "goods_classes",
    "load_defaults",
]
