"""What a stranger sends stands in no log: neither the host they name nor the address they ask for."""

import logging

import pytest


@pytest.mark.parametrize("name", ["django.request", "django.security.DisallowedHost", "django.security.csrf"])
def test_django_writes_no_address_and_no_host_of_a_request_down(name: str) -> None:
    assert not logging.getLogger(name).isEnabledFor(logging.ERROR)
