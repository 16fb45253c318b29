"""Tests of the pages of units."""
