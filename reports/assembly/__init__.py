"""From estimators to rows: one module per family of statistics; ``reports.results`` reads them."""
