"""The addresses of Hasher-Matcher-Actioner 1.1.7, so that its clients ask us without a change.

Shapes of requests, answers and errors are HMA's, read in facebook/ThreatExchange at baefb4e. Where Amparo has no such
thing the answer says so: there is no coin flip by share of traffic, and no exchange yet. What Amparo has more to say
stands in a field `amparo`, which HMA's clients pass over.
"""
