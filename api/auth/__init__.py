"""Who is asking: keys now, sessions and sign-in with them."""
