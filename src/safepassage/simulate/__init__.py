"""Rehearsal: simulated devices that play a field log through the same door as a phone. What it sends is marked an exercise."""
