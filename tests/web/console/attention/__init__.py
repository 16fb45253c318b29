"""Pages of 要対応."""
