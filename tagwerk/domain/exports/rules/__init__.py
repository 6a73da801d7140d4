"""Training data out: a record, and one module per format (its name is the format's name); pure."""
