"""One file and one template for each page."""
