"""Shequtong 社区通: a community with ten boards for every residents' committee of a city."""

__version__ = "0.1.0"
