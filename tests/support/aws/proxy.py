"""The base of the proxies: a server between a program and moto. Loopback only."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Proxy:
    """`with …: proxy.url`; serve() is called with each POST and its body, on its own thread."""

    def __init__(self, behind_port):
        self.behind_port = behind_port
        self.lock = threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # head and body are two writes

            def do_POST(self):
                proxy.serve(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def serve(self, handler, body):
        raise NotImplementedError

    def pass_on(self, handler, body):
        """What moto answers: status, content, its type."""
        behind = http.client.HTTPConnection("127.0.0.1", self.behind_port, timeout=60)
        behind.request("POST", handler.path, body, dict(handler.headers))
        answer = behind.getresponse()
        content = answer.read()
        behind.close()
        return answer.status, content, answer.headers.get("Content-Type", "")

    @staticmethod
    def answer(handler, status, content, kind="application/x-amz-json-1.0"):
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
