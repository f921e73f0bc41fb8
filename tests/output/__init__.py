"""Tests of the output for people and programs."""
