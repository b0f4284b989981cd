"""Stands in for jupyterhub-singleuser in tests: says who runs it to whoever asks."""

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlparse

SHOWN = ("JUPYTERHUB_USER", "SHELL", "PATH", "FROM_SNIPPET")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        shown = {name: os.environ.get(name) for name in SHOWN}
        self.wfile.write(json.dumps({**shown, "pid": os.getpid()}).encode())


url = urlparse(os.environ["JUPYTERHUB_SERVICE_URL"])
HTTPServer((url.hostname or "", url.port or 0), Handler).serve_forever()
