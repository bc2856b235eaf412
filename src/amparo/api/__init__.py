"""What programs ask: whether an upload is known, and everything that clients of HMA ask of HMA.

A process of its own on an address of its own. Nobody signs in here and no cookie is set; a form is taken only as what
a file comes in. Each request brings a key. `urls.py` says for every address what a key has to be allowed.
"""
