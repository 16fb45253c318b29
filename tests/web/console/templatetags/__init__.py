"""Tests of the filters of the console's templates."""
