"""The sandbox in which pictures and videos are opened: the only code of this system that decodes media.

Nothing here but `inside/` ever touches a decoder, and `inside/` runs only in a process that holds no key, no database
and no network. This side hands over a file and gets back pixels of bounded size and a few numbers, each one checked.
"""
