"""Reference lists: what their entries say, which arXiv ids they name, whether titles agree."""
