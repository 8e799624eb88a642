"""One module per raw open-data source: bytes in, contributions out; never calls the network."""
