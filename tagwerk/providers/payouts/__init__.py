"""Rails that carry money to workers, one file each."""
