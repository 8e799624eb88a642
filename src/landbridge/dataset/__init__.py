"""Table schemas, assembly, checks, storage and gazetteer of the network dataset."""
