"""Evaluate an opened data set: gate, estimates, dossiers."""
