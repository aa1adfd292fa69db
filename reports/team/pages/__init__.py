"""The pages of the room, one module per part; each view names the roles that may see it."""
