"""Public lists of sanctioned parties: read, kept on disk, and matched by name and number."""
