"""What is right when work is done. Pure: no database, no clock, no chance."""
