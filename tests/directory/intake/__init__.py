"""Imports that operators ask for."""
