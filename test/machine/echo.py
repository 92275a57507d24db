"""Stands where the program stands and answers with what it was asked; what the asker wants of it comes in headers."""

import http.server
import json

asked = 0


class Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        global asked
        asked += 1
        left = length = int(self.headers.get("content-length", 0))
        while left > 0:
            left -= len(self.rfile.read(min(left, 1 << 20)))
        if "x-hang-up" in self.headers:
            self.close_connection = True
            return
        body = json.dumps(
            {
                "method": self.command,
                "url": self.path,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "length": length,
                "port": self.client_address[1],
                "asked": asked,
            }
        ).encode()
        self.send_response(int(self.headers.get("x-answer", 200)))
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, *_):
        """Nothing: what is found in a log comes from nginx."""


http.server.ThreadingHTTPServer.request_queue_size = 1000
http.server.ThreadingHTTPServer(("127.0.0.1", 8080), Echo).serve_forever()
