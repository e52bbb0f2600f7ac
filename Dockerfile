FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.txt .
RUN python -m venv /opt/offhook \
    && /opt/offhook/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY mockserver mockserver
COPY client client
COPY scenarios scenarios
# What only builds stays behind, and so does pip.
RUN /opt/offhook/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --no-deps --no-build-isolation . \
    && /opt/offhook/bin/python -m pip uninstall --yes \
        editables hatchling pathspec pluggy trove-classifiers pip

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Offhook" \
      org.opencontainers.image.description="An unofficial mock of Genesys Cloud voice control" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/offhook /opt/offhook
# Beyond loopback the control API needs a key: OFFHOOK_CONTROL_KEY, or the one in the ready line.
ENV PATH=/opt/offhook/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OFFHOOK_HOST=0.0.0.0 \
    OFFHOOK_PORT=8089
EXPOSE 8089
USER 10001
HEALTHCHECK --interval=5s --timeout=3s --start-period=2s \
    CMD ["python", "-c", "import http.client, os; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['OFFHOOK_PORT']), timeout=2); c.request('GET', '/api/v2'); raise SystemExit(c.getresponse().status >= 500)"]
ENTRYPOINT ["offhook"]
CMD ["serve"]
