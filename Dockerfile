# The application's image: web, worker, scheduler and the one-off migrate run from it.

FROM ghcr.io/astral-sh/uv:0.9-python3.13-trixie-slim AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/venv UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked --no-default-groups
COPY . .
# Needs no secret: catalogues and hashed, compressed static files are the same for every fund.
RUN DJANGO_SETTINGS_MODULE=poolfund.settings.build; export DJANGO_SETTINGS_MODULE; \
    /opt/venv/bin/python manage.py translations --compile && /opt/venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim-trixie
RUN groupadd --gid 10001 fund && useradd --uid 10001 --gid fund --no-create-home --shell /usr/sbin/nologin fund \
    && install -d -o fund -g fund -m 0700 /var/lib/poolfund/private /var/lib/poolfund/log
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=poolfund.settings.production STATIC_ROOT=/app/staticfiles
USER fund
EXPOSE 8000
CMD ["gunicorn", "poolfund.wsgi:application", "--config", "deploy/gunicorn.conf.py"]
