"""Who is right, when is it enough, who guesses, what goes on to the next stage. Pure."""
