"""Every example in the library's documentation works as written."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import tagwerk.inference as inference

MODULES = [module.name for module in pkgutil.walk_packages(inference.__path__, "tagwerk.inference.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_work_as_written(name):
    assert doctest.testmod(import_module(name)).failed == 0


@pytest.mark.parametrize("name", inference.__all__)
def test_every_method_says_what_it_does_and_has_an_example(name):
    method = getattr(inference, name)
    assert ">>>" in method.__doc__
    assert len(method.__doc__.strip().splitlines()[0]) < 120
