"""The settings, one file: places differ only by environment variables (see .env.example).

Nothing set gives a safe site for one machine: no debugging, SQLite, a secret of its own in `var/`.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import environ
from corsheaders.defaults import default_headers
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")
for _name in (
    "DATABASE_URL", "CACHE_URL", "SECRET_KEY_FALLBACKS", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "SITE_URL", "PORT",
    "DATA_DIR", "DEMO", "HOST", "SECOND_FACTOR", "WEB_WORKERS", "WEB_THREADS", "PAGE_CACHE_MB", "SERIAL_REMEMBERED", "CORRECTIONS_PER_HOUR",
    "API_READS_PER_MINUTE", "SEARCHES_PER_MINUTE", "PAGES_PER_MINUTE", "SECURITY_CONTACT", "SECURITY_EXPIRES",
    "REPORTERS_ERASED_AFTER_DAYS", "EMAIL_URL", "MAIL_FROM", "MAILS_PER_DAY", "LOG_FORMAT", "LOG_REQUESTS",
):  # fmt: skip
    if os.environ.get(_name) == "":  # a line left empty in .env or compose is a line not written
        del os.environ[_name]

# A demonstration keeps all it has in a folder of its own, says so on every page, and sends no mail.
DEMO = env.bool("DEMO", default=False)
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var"))) / ("demo" if DEMO else "")
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
TESTING = "pytest" in sys.modules

# The address readers use; secure cookies and HSTS follow its scheme.
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}").rstrip("/")
SITE_NAME = "Kosovo Peace demonstration" if DEMO else "Kosovo Peace"
_site = urlsplit(SITE_URL)
_local = _site.hostname in {"127.0.0.1", "localhost", "::1"}
_https = _site.scheme == "https"
SITE_IS_LOCAL = _local


def _local_secret() -> str:
    """The secret of a site on one machine: made at the first start, kept in a file only its owner reads."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        draft = DATA_DIR / f"secret_key.{os.getpid()}"  # linked whole: no other start reads half of it
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text().strip()


SECRET_KEY = env("SECRET_KEY", default="")
if not SECRET_KEY:
    if not _local:
        raise ImproperlyConfigured(
            f"SECRET_KEY must be set for a site that others reach (SITE_URL is {SITE_URL}). "
            "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    SECRET_KEY = _local_secret()

SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if _local else [_site.hostname])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "kosovo_peace.not_let_in.csrf_failure"
# Proxies that are believed what they say of a reader's address and scheme; from all others it is ignored.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
for _proxy in TRUSTED_PROXIES:
    try:
        _network = ipaddress.ip_network(_proxy, strict=False)
    except ValueError:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES: “{_proxy}” is no network address.") from None
    if not _network.prefixlen:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES: {_proxy} is everybody. Name the proxies alone.")

INSTALLED_APPS = [
    "kosovo_peace",
    "allauth.account",  # without `allauth` itself: its pages and words are not ours
    "allauth.mfa",
    "missions",
    "sources",
    "editorial",
    "kosovo_peace.admin_site.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "corsheaders",
    "csp",
    "simple_history",
]

MIDDLEWARE = [
    "kosovo_peace.logs.requests.log_requests",  # sees what all others answer
    "kosovo_peace.headers.protect_answers",
    "kosovo_peace.middleware.believe_proxies_alone",
    "kosovo_peace.middleware.answer_refused",
    "kosovo_peace.middleware.answer_livez",
    "kosovo_peace.middleware.keep_demonstration_from_robots",
    "corsheaders.middleware.CorsMiddleware",  # before the page cache: its headers depend on who asks
    "kosovo_peace.page_cache.keep_pages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kosovo_peace.middleware.refuse_bad_input",
    "kosovo_peace.reading_limits.limit_reading",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kosovo_peace.accounts.second_factor.require_what_comes_first",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "kosovo_peace.urls"
WSGI_APPLICATION = "kosovo_peace.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["kosovo_peace.lean_templates.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["kosovo_peace.templatetags.site"],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'kosovo_peace.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds; SQLite too reads the whole schema for each new connection
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue at the start of a transaction instead of failing in its middle.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)  # seconds; without, minutes
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Memory of each process, or with CACHE_URL a store that all processes and machines share.
CACHES = {name: env.cache("CACHE_URL", default=f"locmemcache://{name}") for name in ("default", "pages")}
for _cache in CACHES.values():
    if _cache["BACKEND"].endswith(".RedisCache"):
        _cache["BACKEND"] = "kosovo_peace.redis_cache.ForgivingRedisCache"

# Whole public pages, kept until the serial moves: in memory, bounded for each process.
PAGE_CACHE = not (DEBUG or TESTING)
PAGE_CACHE_BYTES = env.int("PAGE_CACHE_MB", default=16) * 1024 * 1024
# Seconds a process may go without asking which serial is public: at most one. Behind a cache of its own, none.
SERIAL_REMEMBERED = min(1.0, env.float("SERIAL_REMEMBERED", default=1.0))
PAGE_CACHE_SHARED = "locmem" not in CACHES["pages"]["BACKEND"]

AUTH_USER_MODEL = "editorial.Editor"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 12 * 3600  # a working day; less when the browser is closed before
ACCOUNT_SESSION_REMEMBER = False
# Whether every editor must have a second factor. On one machine, for trying the site, it may be left out.
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=not SITE_IS_LOCAL)
ACCOUNT_ADAPTER = "kosovo_peace.accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # they count in the cache, which each process has for itself: see accounts/attempts.py
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_FORMS = {
    "login": "kosovo_peace.accounts.forms.LogInForm",
    "change_password": "kosovo_peace.accounts.forms.ChangePasswordForm",
    "reauthenticate": "kosovo_peace.accounts.forms.PasswordAgainForm",
}
MFA_ADAPTER = "kosovo_peace.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "kosovo_peace.accounts.forms.CodeForm",
    "reauthenticate": "kosovo_peace.accounts.forms.CodeAgainForm",
    "activate_totp": "kosovo_peace.accounts.forms.SetUpForm",
}
MFA_RATE_LIMITS = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds before and after, for clocks that are not quite right

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "kosovo_peace.formats"
TIME_ZONE = "Europe/Belgrade"  # covers Pristina; the day of the site is this zone's
USE_I18N = False  # one language: no catalogue is looked into for every number and address
USE_TZ = True
FORMS_URLFIELD_ASSUME_HTTPS = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # templates name no others
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    "jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "tgz", "bz2", "tbz", "xz", "br", "woff", "woff2",
    "map",  # large, and read by nobody but developers
]  # fmt: skip

# Mail to readers who reported something: without a server, files in a folder that only its owner can read.
_folder = {
    "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    "EMAIL_FILE_PATH": str(DATA_DIR / "mail"),
}
_mail = env.email_url("EMAIL_URL") if env("EMAIL_URL", default="") and not DEMO else _folder
vars().update({_name: value for _name, value in _mail.items() if value})
if _mail.get("EMAIL_FILE_PATH"):
    Path(_mail["EMAIL_FILE_PATH"]).mkdir(mode=0o700, parents=True, exist_ok=True)
EMAIL_TIMEOUT = 20
MAIL_DOMAIN = "localhost" if _local else _site.hostname or "localhost"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("MAIL_FROM", default=f"{SITE_NAME} <no-reply@{MAIL_DOMAIN}>")

# Security. Nothing inline, nothing from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
# Whom to tell of a hole in the site (security.txt): mailto:… or https://…; the name is that of RFC 2142.
SECURITY_CONTACT = env.list("SECURITY_CONTACT", default=[f"mailto:security@{MAIL_DOMAIN}"])
SECURITY_EXPIRES = env("SECURITY_EXPIRES", default="")  # a day, such as 2027-06-30
REPORTERS_ERASED_AFTER_DAYS = env.int("REPORTERS_ERASED_AFTER_DAYS", default=180)  # days after the answer
MAILS_PER_DAY = env.int("MAILS_PER_DAY", default=10)  # to one address
WEB_THREADS = env.int("WEB_THREADS", default=8)  # of each web process, each with a database connection
WEB_WORKERS = max(1, env.int("WEB_WORKERS", default=2))  # web processes
# Answers of the API made for one address, beyond those kept; 0 for no limit.
API_READS_PER_MINUTE = env.int("API_READS_PER_MINUTE", default=0 if TESTING else 600)
# Pages and searches made for one address, beyond those kept, counted in the same way; where the API has no limit, none.
PAGES_PER_MINUTE = env.int("PAGES_PER_MINUTE", default=600 if API_READS_PER_MINUTE else 0)
SEARCHES_PER_MINUTE = env.int("SEARCHES_PER_MINUTE", default=60 if API_READS_PER_MINUTE else 0)
CORRECTIONS_PER_HOUR = env.int("CORRECTIONS_PER_HOUR", default=10)  # readers' reports from one address
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=_https)
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
# Other names below this one are not this site's to decide about.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Only TRUSTED_PROXIES can say so: from others `believe_proxies_alone` takes it away.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # an edition with many rows is one form

# The API is read from anywhere, without cookies.
CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = [*default_headers, "if-none-match", "if-modified-since", "cache-control"]
CORS_EXPOSE_HEADERS = ["ETag", "Serial", "Retry-After", "Content-Disposition", "Allow"]

REST_FRAMEWORK: dict[str, object] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer", "kosovo_peace.api_csv.CsvRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kosovo_peace.api_policy.Utf8JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "kosovo_peace.api_policy.Negotiation",
    "DEFAULT_PAGINATION_CLASS": "kosovo_peace.api_paging.Envelope",
    "DEFAULT_THROTTLE_CLASSES": ["kosovo_peace.api_limits.ReadingThrottle"],
    "DEFAULT_FILTER_BACKENDS": [
        "kosovo_peace.api_policy.KnownParameters",
        "kosovo_peace.api_policy.Filters",
        "kosovo_peace.api_policy.Ordering",
    ],
    "DEFAULT_SCHEMA_CLASS": "kosovo_peace.api_schema.Schema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
}
DRF_STANDARDIZED_ERRORS = {"EXCEPTION_HANDLER_CLASS": "kosovo_peace.database_away.ApiErrors"}
SPECTACULAR_SETTINGS: dict[str, object] = {
    "TITLE": "Kosovo Peace",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "LICENSE": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "ChangeKind": "editorial.models.Change.Kind",
        "CorrectionKind": "editorial.models.Correction.Kind",
        "EditionChangeKind": "editorial.models.Edition.ChangeKind",
        "MissionStatus": "missions.models.Mission.Status",
        "RelationKind": "missions.models.Relation.Kind",
        "SourceStatus": "sources.models.Source.Status",
        "StatementKind": "missions.models.Statement.Kind",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "kosovo_peace.api_schema.finish",
    ],
}

# Lines of the log go to stderr: JSON on servers, on one machine to be read; one for each request if LOG_REQUESTS.
LOG_FORMAT = env.str("LOG_FORMAT", default="lines" if _local else "json")
LOG_REQUESTS = env.bool("LOG_REQUESTS", default=not TESTING)
if LOG_FORMAT not in {"json", "lines"}:
    raise ImproperlyConfigured(f"LOG_FORMAT is json or lines, not “{LOG_FORMAT}”.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "kosovo_peace.logs.formats.JsonLines"},
        "lines": {"()": "kosovo_peace.logs.formats.Lines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # What readers and robots ask in vain is no news beyond the line of its request.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
        "kosovo_peace.logs.requests": {"level": "INFO"},
        "_granian": {"level": "ERROR"},
    },
}
