"""What is right about notices and webhooks. Pure: time and chance come in as arguments."""
