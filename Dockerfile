# The site as one image: hashed requirements, no compiler, no root. Web server and worker run from it, by their commands.

FROM python:3.13-slim-bookworm AS requirements
WORKDIR /build
COPY requirements/base.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r base.txt


FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000

# Volumes that are mounted there first belong to whom the folders do.
RUN groupadd --gid 10001 site \
    && useradd --uid 10001 --gid site --home-dir /data --create-home site \
    && install --directory --mode 0700 --owner site --group site /tls
COPY --from=requirements /venv /venv
WORKDIR /site
COPY manage.py LICENSE LICENSE-DATA ./
COPY editorial editorial
COPY sources sources
COPY missions missions
COPY kosovo_peace kosovo_peace
COPY templates templates
COPY static static
COPY docs/api.md docs/api.md
# Compiled once here: the site's user cannot write beside the code, only in /data.
RUN python -m compileall -q editorial sources missions kosovo_peace

USER site
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/livez', timeout=4)"]
CMD ["python", "manage.py", "serve"]
