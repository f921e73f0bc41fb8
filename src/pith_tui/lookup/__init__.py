"""One record for one identifier: the policy over cache, samples and servers."""
