"""x"""

from amparo.cli.demo import World


def check(world: World, *, reports: int, ready_seconds: float, as_json: bool) -> int:
    return 0
