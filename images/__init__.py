"""What is written to cards and machines, and the recipes of the parts it needs."""
