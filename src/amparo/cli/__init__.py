"""The `amparo` command."""


def main() -> None:
    """Run the command named by the arguments."""
