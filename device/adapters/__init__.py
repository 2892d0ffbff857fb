"""The doors of the unit: one module each, none knows another."""
