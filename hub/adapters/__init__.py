"""The doors of the centre, one each; none knows another."""
