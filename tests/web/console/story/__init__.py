"""Tests of the story of one person in one broadcast."""
