"""Collect answers: instrument, pages, sealed ballots, opening of the urn."""

__version__ = "0.1.0"
