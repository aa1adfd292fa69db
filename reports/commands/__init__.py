"""Commands of ``reports``, one module per noun; ``reports.cli`` names them."""
