"""moto_process.py PORT: moto's server, but one request at a time: DynamoDB's writes and
transactions are atomic, moto's own threads run into each other."""

import logging
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple


class OneAtATime:
    def __init__(self, application):
        self.application = application
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            return list(self.application(environ, start_response))


logging.getLogger("werkzeug").setLevel(logging.ERROR)
run_simple("127.0.0.1", int(sys.argv[1]),
           OneAtATime(DomainDispatcherApplication(create_backend_app)), threaded=True)
