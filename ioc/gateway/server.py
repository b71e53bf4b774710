"""Listens for HTTP or HTTPS and serves one gateway until told to stop."""

from __future__ import annotations

import signal
import socket
import ssl
import stat
import sys
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from ioc.gateway.http.peers import PrivatePeers, behind_proxies
from schemas.errors import ConfigurationError
from schemas.gateway_settings import GatewaySettings

_GRACE_SECONDS = 15
_KEEP_ALIVE_SECONDS = 65
_BACKLOG = 2048


def check_exposure(settings: GatewaySettings) -> None:
    """Refuse to send keys over a network in the clear.

    Raises:
        ConfigurationError: others could reach the gateway, and neither TLS nor a trusted proxy
            in front of it is set; a trusted proxy is no address; or the private key can be read
            by others.
    """
    from ioc.wall.guard import is_loopback  # noqa: PLC0415 - the wall's imports are heavy

    proxies = settings.proxies()
    if settings.tls_key_file is not None:
        _check_private(settings.tls_key_file)
    elif not is_loopback(settings.host) and not proxies:
        raise ConfigurationError(
            f"IOC_GATEWAY_HOST={settings.host} can be reached from other machines and keys would "
            "travel in the clear: set IOC_GATEWAY_TLS_CERT_FILE and IOC_GATEWAY_TLS_KEY_FILE, or "
            "IOC_GATEWAY_TRUSTED_PROXIES if a proxy speaks https for it"
        )


def listen(settings: GatewaySettings) -> socket.socket:
    """Return a listening socket.

    Raises:
        ConfigurationError: the address cannot be had.
    """
    try:
        return socket.create_server(
            (settings.host, settings.port),
            family=socket.AF_INET6 if ":" in settings.host else socket.AF_INET,
            reuse_port=settings.share_port,
            backlog=_BACKLOG,
        )
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}"
        ) from None


def make_server(app: ASGIApp, settings: GatewaySettings) -> uvicorn.Server:
    """Return the server; raises `ConfigurationError` when certificate or key do not fit."""
    proxies = settings.proxies()
    served = behind_proxies(app, proxies)
    if settings.tls_key_file is None:
        served = PrivatePeers(served, proxies, settings.language)
    config = uvicorn.Config(
        served,
        log_level="warning",
        # An access log would hold what is asked about dossiers.
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,  # `served` does that, behind its look at the peer
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ssl_certfile=settings.tls_cert_file,
        ssl_keyfile=settings.tls_key_file,
    )
    try:
        config.load()
    except (ssl.SSLError, OSError) as error:
        raise ConfigurationError(f"{settings.tls_cert_file}: {error}") from None
    return uvicorn.Server(config)


async def serve(server: uvicorn.Server, listener: socket.socket, scheme: str) -> None:
    """Say where it listens, then serve until SIGTERM or SIGINT."""
    host, port = listener.getsockname()[:2]
    sys.stdout.write(f"LISTENING {scheme}://{f'[{host}]' if ':' in host else host}:{port}\n")
    sys.stdout.flush()
    # Given back as found: uvicorn raises the signal again when it is done.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    await server.serve([listener])


def _check_private(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigurationError(f"{path}: others may read this key; run: chmod 600 {path.name}")
