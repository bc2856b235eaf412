"""Django's settings for this process, from the home's `amparo.toml`; each process gets only the routes it serves."""

import base64
import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO
from psycopg.conninfo import conninfo_to_dict

from amparo.home import home, process
from amparo.practice import is_practice
from amparo.sender import read_trusted


def _read() -> dict[str, Any]:
    """Return this installation's settings; without a home (type checker, `amparo init`) those of an empty one."""
    return home().read() if home().settings_file.exists() else {}


_SET = _read()
_DOOR, _CONSOLE, _API = _SET.get("door", {}), _SET.get("console", {}), _SET.get("api", {})
_SERVED = {"door": _DOOR, "console": _CONSOLE, "api": _API}.get(process(), {})
_IS_HTTPS = str(_SERVED.get("url", "")).startswith("https://")


def _origin(url: str) -> str:
    """Return what a browser sends as `Origin` from a page at that address: no path, small letters, no usual port."""
    parts = urlsplit(url)
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}"


SITE_NAME = str(_SET.get("site", {}).get("name", "this site"))
IS_PRACTICE = is_practice(_SET)
LEAVE_URL = str(_SET.get("site", {}).get("leave_url", "https://www.wikipedia.org/"))
DOOR_URL = str(_DOOR.get("url", "http://127.0.0.1:8001"))
CONSOLE_URL = str(_CONSOLE.get("url", "http://127.0.0.1:8002"))
OFFICIALS_CONTACT = str(_SET.get("officials", {}).get("contact", ""))
OFFICIALS_LEGAL_CONTACT = str(_SET.get("officials", {}).get("legal_contact", ""))
# The sites whose pages may frame the report button's page, and nothing else of the door.
FRAMED_BY = [_origin(str(url)) for url in _SET.get("button", {}).get("framed_by", [])]
PAGER_URL = str(_SET.get("pager", {}).get("url", ""))
TIME_ZONE_SHOWN = str(_SET.get("site", {}).get("time_zone", "UTC"))

SECRET_KEY = home().secret("django.key") if _SET else "no installation"
DEBUG = False
_HERE = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = list(_SERVED.get("hosts", ["127.0.0.1", "localhost"]))
if process() == "api" and _API.get("hma_without_key"):
    # The port without a key answers to these alone, whatever the names of the other one are.
    ALLOWED_HOSTS += _HERE
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
# Each by its own name, for somebody who reads no other.
LANGUAGES = [("en", "English"), ("fr", "Français"), ("nb", "Norsk"), ("pl", "Polski")]
# As the report button does: whoever reads nynorsk, or says "Norwegian" and no more, reads bokmål before English.
for _code in ("no", "no-no", "nn", "nn-no"):
    LANG_INFO[_code] = {**LANG_INFO.get(_code, {}), "fallback": ["nb"]}
LOCALE_PATHS = [str(Path(__file__).parent / "locale")]
USE_I18N = True
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "records.Staff"
ROOT_URLCONF = {
    "door": "amparo.public.urls",
    "console": "amparo.console.urls",
    "api": "amparo.api.urls",
}.get(process(), "amparo.console.urls")
WSGI_APPLICATION = None

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "procrastinate.contrib.django",
    "amparo.records",
    "amparo.public",
    "amparo.console",
]
_EVERYWHERE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
]
MIDDLEWARE = {
    "door": [
        *_EVERYWHERE,
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "amparo.public.guard.Guard",
    ],
    "console": [
        *_EVERYWHERE,
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
        "amparo.console.guard.Guard",
    ],
    # No session, no cookie, and so no token for forms: each request brings a key.
    "api": [
        "django.middleware.security.SecurityMiddleware",
        "csp.middleware.CSPMiddleware",
        "django.middleware.common.CommonMiddleware",
        "amparo.api.guard.Guard",
    ],
}.get(process(), _EVERYWHERE)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "amparo.practice.in_pages",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]


def _in_page(name: str) -> list[str]:
    """Return what lets a file of ours stand in each page of the door (Content Security Policy Level 3, section 2.3.1).

    On a slow line each further request costs a second, so the style and the first script come with the page.
    """
    if process() != "door":
        return []
    digest = hashlib.sha256((Path(__file__).parent / "public" / "templates" / "public" / name).read_bytes()).digest()
    return [f"'sha256-{base64.b64encode(digest).decode()}'"]


# Nothing is fetched from elsewhere, nothing is framed, and forms go only to ourselves.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'", *_in_page("door.css")],
        "script-src": ["'self'", *_in_page("door.js")],
        "img-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
# Not "no-referrer": with it browsers send our own forms as from "null", and the check of forms needs the origin.
# Towards other sites both say nothing.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = ("__Host-" if _IS_HTTPS else "") + "amparo_staff"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_NAME = ("__Host-" if _IS_HTTPS else "") + f"amparo_{process() or 'form'}"
CSRF_COOKIE_HTTPONLY = True
# One word, such as "pl", that ends with the browser.
LANGUAGE_COOKIE_NAME = ("__Host-" if _IS_HTTPS else "") + "amparo_language"
# Gone with the browser: on a shared machine a cookie that stays would tell for a year that somebody was at the door.
CSRF_COOKIE_AGE = None
# TLS ends at the proxy, so by what we see a form at https:// comes from elsewhere: the setting says it does not. No
# header is asked for the scheme or the host.
CSRF_TRUSTED_ORIGINS = [_origin(str(url)) for url in (_SERVED.get("url"),) if url]
TRUSTED_PROXIES = read_trusted(_SERVED.get("trusted_proxies", []), f"[{process()}] trusted_proxies")
# A form field with words takes some thousand characters; 1 MiB is far above any honest form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_HANDLERS: list[str] = []
if process() == "api":
    # Files come here, and stay in memory: `amparo.api.guard` has measured them before this reads a byte.
    DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = None  # type: ignore[assignment]
    FILE_UPLOAD_HANDLERS = ["amparo.api.memory.InMemory"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
# Ids only: no body, no path with a query, no exception text of a request is ever written down.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "amparo": {"level": "INFO"},
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
    },
}


def _patience() -> dict[str, str]:
    """Return how long a database may keep us waiting before it counts as away; DATABASE_URL may say otherwise.

    Only the door gives up on statements: it has the spool. The last lines are for a server on another machine, which
    may vanish without a word.
    """
    if process() != "door":
        return {"connect_timeout": "10"}
    return {
        "connect_timeout": "3",
        "options": "-c statement_timeout=8000 -c lock_timeout=4000",
        "tcp_user_timeout": "8000",
        "keepalives_idle": "4",
        "keepalives_interval": "2",
        "keepalives_count": "2",
    }


def database_settings() -> dict[str, Any]:
    """Return Django's database settings: DATABASE_URL, or the embedded server of the home folder."""
    from amparo.postgres import database_url

    if not _SET and "DATABASE_URL" not in os.environ:
        return {"ENGINE": "django.db.backends.dummy"}
    known = conninfo_to_dict(database_url(home().database))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": known.pop("dbname", ""),
        "USER": known.pop("user", ""),
        "PASSWORD": known.pop("password", ""),
        "HOST": known.pop("host", ""),
        "PORT": known.pop("port", ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Lets `records.statements` prepare the statements of a report's transaction; Django's own are never prepared.
        "OPTIONS": {"prepare_threshold": 5, **_patience(), **known},
    }


DATABASES = {"default": database_settings()}
