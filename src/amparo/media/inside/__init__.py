"""What runs in the sandbox. Nothing outside it imports this folder: it is the only code that imports a decoder."""
