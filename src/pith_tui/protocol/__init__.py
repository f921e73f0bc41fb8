"""The record itself: identifiers, strict JSON, canonical form, keys, verification. Pure."""
