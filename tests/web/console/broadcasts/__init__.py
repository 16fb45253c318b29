"""Tests of the list of broadcasts and of one of them."""
