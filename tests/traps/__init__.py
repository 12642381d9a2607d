"""Traps: what a plain search-and-replace would break, one test for each, a module for each section of the guide."""
