"""The ways in which people become members besides directories, and what admins do with them."""
