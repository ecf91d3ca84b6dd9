"""An organization to try Rollcall with: four months of it, lived through in seconds by the ways that real ones come."""
