"""Pages for everybody: the start page, the inbox, invitations, the profile, terms."""
