"""Pages of gateways."""
