# Rollcall in a container: `docker compose up --build`, or by hand with a DATABASE_URL.
FROM python:3.13-slim-bookworm AS build
WORKDIR /app
RUN pip install --no-cache-dir "uv>=0.9,<1"
COPY pyproject.toml uv.lock ./
ENV UV_PYTHON_DOWNLOADS=never
RUN uv sync --frozen --no-dev --no-cache --compile-bytecode

FROM python:3.13-slim-bookworm
RUN useradd --system --home-dir /app rollcall && install -d -o rollcall /app/.rollcall
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY piccolo_conf.py ./
COPY db db
COPY dashboard dashboard
COPY api api
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 ROLLCALL_HOST=0.0.0.0 ROLLCALL_LOG_FORMAT=json
USER rollcall
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["python", "-m", "api"]
CMD ["serve"]
