"""The door and the private page: a process of its own, no login, works without scripts."""
