"""The one way out: what each audience may see of a picture."""
