"""Finding what is the same: pure functions over arrays. No file, no database, no clock."""
