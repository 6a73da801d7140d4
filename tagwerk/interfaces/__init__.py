"""How the outside comes in; none knows another."""
