"""What we write to reporters: short, calm, translatable, and only what has been seen to be true.

Every sentence about the state of a report stands here. A sentence has at most 14 words and one form per kind of
subject, because other languages bend more than the noun. Times and numbers are placeholders.
`reading` measures how easy a text is.
"""
