"""A local registry: records built and signed as the service does it, served over real HTTP(S)."""
