"""Safe Passage plans, monitors and proves the evacuation of civilians under a negotiated agreement."""

__version__ = "0.1.0"
