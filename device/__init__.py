"""The local unit: the program that runs in the home."""
