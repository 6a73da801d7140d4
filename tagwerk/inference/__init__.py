"""Truth inference, rankings and agreement, a library by itself: NumPy and Numba, no Django."""
