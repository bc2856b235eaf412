"""The staff's side of a journey that is about the reporter: each person signs in once and decides named cases."""

from amparo.cli.check import Person
from amparo.cli.demo import World
from amparo.cli.visitor import Visitor


class Desk:
    """Everybody on the demo's staff, by the name they sign in with."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._people: dict[str, Person] = {}

    def take(self, name: str, case: str) -> None:
        """Open a case for review: from now on a person is looking."""
        self._sit(name).open(f"{self._world.console}/cases/{case}").press("Open for review", within="/open")

    def remove(self, name: str, case: str) -> None:
        """Remove what a case that they have in hand is about."""
        self._sit(name).press("Remove", within="/remove")

    def keep(self, name: str, case: str) -> None:
        """Take a case and cast one vote to keep."""
        self.take(name, case)
        self._sit(name).press("Keep", within="/keep", reason="not_sexual")

    def answer(self, name: str, notice: str, text: str) -> None:
        """Write to the reporter of a notice."""
        visitor = self._sit(name).open(f"{self._world.console}/notices/{notice}")
        visitor.press("Preview", text=text).press("Send this letter", text=text)

    def _sit(self, name: str) -> Visitor:
        if name not in self._people:
            self._people[name] = Person(self._world, name)
        return self._people[name].visitor
