"""Commands of ``survey``, one module per noun; ``survey.cli`` names them."""
