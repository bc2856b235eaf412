"""The work itself, pure: what a case and a notice are, what may be decided, what follows. Read this folder first.

`decide` is the only place where a rule of the work lives, `evolve` says what an event means, `effects_of` what must
be done outside. Nothing here asks the time, draws a random number or touches the world.
"""
