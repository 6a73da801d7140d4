"""What a project file, a design and an answer may be; pure."""
