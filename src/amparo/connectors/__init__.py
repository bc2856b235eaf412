"""How Amparo reaches a platform. One small protocol, one contract test; connectors know nothing of each other."""
