"""What starts what: settings, urls, reactions, schedule."""
