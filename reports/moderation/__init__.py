"""Free texts of an opened data set: two people read, redact and code before anything leaves."""
