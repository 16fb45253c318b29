"""Tests of the help of statuses."""
