"""Commands of the room; ``survey user`` and ``reports serve``."""
