"""Tests of the red banner."""
