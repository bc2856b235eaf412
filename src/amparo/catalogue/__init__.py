"""Looks through what is online already, file by file, and keeps the hashes, so that copies are found later."""
