"""Every change of plans, call-ups and nominations that has a consequence."""
