"""Results out: records, files, provenance."""
