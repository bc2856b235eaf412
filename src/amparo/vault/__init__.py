"""Keeps what people wrote and what was reported sealed: every host can seal, only the vault process opens.

Read `sealed.py` (what a sealed object is), then `opening.py` (the order of one opening), then `server.py`.
The vault imports nothing of the records and nothing of Django; the wiring passes in a `Register`.
"""
