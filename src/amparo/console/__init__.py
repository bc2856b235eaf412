"""The console: queue, case, decision. A process of its own, behind a login."""
