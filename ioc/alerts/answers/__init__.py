"""How people answer alerts: signed links, pages, an HTTP API."""
