"""Django's settings, read from the environment (docs/reference/settings.md).

Importable with nothing set: then there is a database of no name and a secret of this process only.
The commands that run for real start the embedded database and make the secret first.
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from denrei.project import database_url, keeping_defaults, mail_listening
from denrei.project.environment import Environment, SettingError

_environment = Environment()

#: Where the embedded database, the secret and logs live.
HOME = Path(_environment.text("DENREI_HOME") or Path.home() / ".local/share/denrei").absolute()
#: The address under which recipients reach the answer pages.
PUBLIC_URL = _environment.text("DENREI_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
if not PUBLIC_URL.startswith(("http://", "https://")):
    raise SettingError("DENREI_PUBLIC_URL は http:// または https:// で始めてください。")

SECRET_KEY = _environment.text("DENREI_SECRET_KEY") or secrets.token_urlsafe(48)
#: Links of mails that are out stay valid while the key they were made with stands here.
SECRET_KEY_FALLBACKS = _environment.words("DENREI_RETIRED_SECRET_KEYS")
ALLOWED_HOSTS = _environment.words("DENREI_HOSTS", "127.0.0.1,localhost,[::1]")
DEBUG = False

#: Requests for answer pages that wait at most, looks and answers each; who comes then gets 503.
WAITING_ANSWERS = _environment.number("DENREI_WAITING_ANSWERS", 4000, least=10, most=100_000)

#: The folder of a demo that runs: only `denrei demo` sets it.
DEMO = _environment.text("DENREI_DEMO")
#: Nothing that is sent from here reaches anybody: every page of the console says so.
TRAINING = bool(DEMO)
#: Modules of addresses that are added to the console's own.
CONSOLE_PAGES = ["denrei.project.demo.handsets.urls"] if DEMO else []
#: The same for addresses of their own.
DEMO_PAGES = ["denrei.project.demo.styleguide.urls"] if DEMO else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_cotton",
    "django_htmx",
    "procrastinate.contrib.django",
    "denrei.accounts",
    "denrei.directory",
    "denrei.broadcasts",
    "denrei.audience",
    "denrei.deliveries",
    "denrei.outcomes",
    "denrei.responses",
    "denrei.retention",
    "denrei.reports",
    "denrei.web.portal",
    "denrei.web.console",
    "denrei.project",
]
AUTH_USER_MODEL = "accounts.Operator"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "denrei.web.strict.StrictHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "denrei.web.gate.Gate",
    "denrei.web.console.firststeps.footsteps.Footsteps",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "denrei.project.urls"
WSGI_APPLICATION = "denrei.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "denrei.web.console.frame.context",
            ],
            "string_if_invalid": "",
        },
    }
]
#: A component sees what it is given, and nothing of the page.
COTTON_ISOLATE_BY_DEFAULT = True
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

#: For the sending side, which keeps connections of its own.
DATABASE_ADDRESS = _environment.text("DATABASE_URL")
DATABASES = database_url.databases(
    _environment.text("DATABASE_URL"),
    role=_environment.one_of("DENREI_DATABASE_ROLE", ("app", "worker", "owner")),
    pool=_environment.number("DENREI_DATABASE_POOL", 0, most=200),
    shard=os.getpid() % 128,
)

# Who is at the door (docs/explanation/sign-in.md)
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "denrei.accounts.signing_in.Backend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["login", "name", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
#: Proxies in front of this server that may say from where a request came.
TRUSTED_PROXIES = _environment.number("DENREI_TRUSTED_PROXIES", 0, most=10)
#: TLS ends at the proxy: a browser's form says https where the request that arrives here says http.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
CSRF_TRUSTED_ORIGINS = [f"{urlsplit(PUBLIC_URL).scheme}://{urlsplit(PUBLIC_URL).netloc}"]
# Failures lock what they are counted under (denrei.accounts.locking); nothing else is kept.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "denrei.accounts.signing_in.counted_as"
AXES_CLIENT_IP_CALLABLE = "denrei.accounts.addresses.for_axes"
AXES_LOCKOUT_CALLABLE = "denrei.web.console.door.lock.page"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["organization", "login", "password", "username", "next"]
SESSION_ENGINE = "denrei.accounts.sessions"
#: Seconds after which a browser nobody worked with is signed out.
SESSION_COOKIE_AGE = _environment.number("DENREI_SESSION_MINUTES", 480, least=5, most=10080) * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "denrei.project.refusals.forged"
LOGIN_URL = "console:sign-in"
LOGIN_REDIRECT_URL = "console:home"
FORM_RENDERER = "denrei.web.console.forms.Renderer"
#: A form with a box for each group of a large organization; Django's 1,000 are too few.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# The second factor, and signing in again
ACCOUNT_ADAPTER = "denrei.web.console.account.adapters.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_EMAIL_VERIFICATION = "none"
#: Seconds for which a password, a code or a passkey proves who sits at the desk (OPS-4).
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
#: Wrong codes and passwords of one operator; a whole office may share one address.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key",
    "reauthenticate": "10/5m/user",
    "change_password": "10/5m/user",
}
MFA_ADAPTER = "denrei.web.console.account.adapters.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
#: A code counts one step (30 s) early and late: RFC 6238, 5.2.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
#: Counts of attempts, seen by all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# Files: bounded first, then Django's own way, a small one in memory and a larger one on disk
FILE_UPLOAD_HANDLERS = [
    "denrei.web.console.importing.arriving.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

#: Kind of data → how long an organization that chose nothing keeps it (OPS-8).
RETENTION = keeping_defaults.read(_environment)

#: Where bounces and replies are taken in: (way, host, port) each.
MAIL_LISTEN = mail_listening.read(_environment)

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # a login is unique within its organization, and only there anybody looks for it
    "axes.W006",  # a login locks whatever the address: addresses are cheap
]
