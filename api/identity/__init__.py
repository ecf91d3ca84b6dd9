"""Who people are: accounts, the ways to sign in, sessions, and where a session lets in."""
