"""A local registry: records built and signed as by the service, served over real HTTP(S)."""
