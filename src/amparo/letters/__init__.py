"""What we write to reporters: short, calm, translatable, and only what has been seen to be true."""
