"""The tests, in the same tree as the packages that they prove."""
