# One image for every process of this project; which one runs is the command's business.
#
# Not built where it was written: no container engine was at hand there. A test compares it with
# pyproject.toml and constraints.txt.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /app
COPY pyproject.toml constraints.txt README.md ./
COPY ioc ./ioc
COPY streams ./streams
COPY dashboards ./dashboards
COPY schemas ./schemas
# The embedded servers stay out: containers have servers of their own.
RUN python -m pip install --constraint constraints.txt .

# Whoever runs it (`user:` in docker-compose.yml) writes only here and to /tmp.
RUN useradd --uid 1000 --no-create-home --shell /usr/sbin/nologin ioc \
    && mkdir /export && chmod 1777 /export
WORKDIR /tmp
USER 1000:1000
CMD ["ioc", "--help"]
