"""Where the bytes of a record come from: samples, cache, remote, and the policy over them."""
