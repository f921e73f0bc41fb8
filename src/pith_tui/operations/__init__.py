"""What is done with many records at once: import, export, verify, prune, list."""
