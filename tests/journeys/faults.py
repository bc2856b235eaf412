"""Plaza's switches: how it can fail its moderators while somebody waits."""

import httpx

from amparo.cli.demo import World


class Faults:
    """The ways in which Plaza can fail."""

    def __init__(self, world: World) -> None:
        self._world = world

    def put(self, **switched: bool) -> None:
        """Switch these on and all others off."""
        key = {"Authorization": f"Bearer {self._world.plaza_key}"}
        httpx.put(f"{self._world.plaza}/moderation/faults", json=switched, headers=key).raise_for_status()
