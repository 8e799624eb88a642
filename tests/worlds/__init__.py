"""Small made-up worlds whose answers can be worked out by hand."""
