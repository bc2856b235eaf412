"""A member of staff at the console, in a browser."""

from playwright.sync_api import Page

from amparo.cli.demo import World


def sign_in(page: Page, world: World, name: str, password: str = "") -> None:
    """Sign in with the demo's password, or with another one, and land where this person starts."""
    page.goto(f"{world.console}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password or world.staff[name])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))
