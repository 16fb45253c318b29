"""Tests of the board of one broadcast."""
