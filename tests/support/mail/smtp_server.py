"""A real SMTP server (aiosmtpd) that misbehaves on request.

It prints "port N" and serves until it is ended by SIGTERM, or by the end of its standard input
where --until-stdin-ends is given. Each mail taken is written to the folder as 0001.eml; what its
envelope said goes to 0001.json in the folder of --envelopes.
"""

import argparse
import asyncio
import json
import logging
import pathlib
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

MODES = {
    "accept": "takes every mail",
    "rcpt-4xx": "puts every recipient off",
    "rcpt-5xx": "refuses every recipient",
    "rcpt-5xx-telling": "refuses every recipient and repeats the address in its answer",
    "rcpt-5xx-once": "refuses the first recipient, takes the others",
    "mail-530": "refuses every sender as not authenticated",
    "data-4xx": "puts every mail off when it is there",
    "data-5xx": "refuses every mail when it is there",
    "drop-after-data": "cuts the connection when the mail is there, without an answer",
    "hang-after-data": "never answers a whole mail",
    "drop-at-rcpt": "cuts the connection at the recipient",
    "hang-at-rcpt": "never answers the recipient",
    "greeting-5xx": "greets with a refusal",
}


class Handler:
    def __init__(self, mode, folder, envelopes):
        self.mode = mode
        self.folder = pathlib.Path(folder)
        self.envelopes = pathlib.Path(envelopes) if envelopes else None
        self.taken = 0
        self.recipients = 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mode == "mail-530":
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.recipients += 1
        if self.mode == "rcpt-4xx":
            return "450 4.2.1 Mailbox busy"
        if self.mode == "rcpt-5xx-telling":
            return f"550 5.1.1 <{address}>: no such user here, {address}"
        if self.mode == "rcpt-5xx" or (self.mode == "rcpt-5xx-once" and self.recipients == 1):
            return "550 5.1.1 No such user"
        if self.mode == "drop-at-rcpt":
            server.transport.abort()
        if self.mode == "hang-at-rcpt":
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.mode == "data-4xx":
            return "451 4.3.0 Try again later"
        if self.mode == "data-5xx":
            return "554 5.7.1 Not wanted"
        self.taken += 1
        (self.folder / f"{self.taken:04}.eml").write_bytes(envelope.original_content)
        meta = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
            "helo": session.host_name,
            "peer": session.peer[1],
        }
        if self.envelopes:
            (self.envelopes / f"{self.taken:04}.json").write_text(json.dumps(meta))
        if self.mode == "hang-after-data":
            await asyncio.sleep(3600)
        if self.mode == "drop-after-data":
            server.transport.abort()
        return "250 OK"


def authenticator(user, password):
    def check(server, session, envelope, mechanism, data):
        right = data.login == user.encode() and data.password == password.encode()
        return AuthResult(success=right, handled=False, auth_data=data if right else None)

    return check


async def refuse(reader, writer):
    writer.write(b"554 5.3.2 No service\r\n")
    await writer.drain()
    writer.close()


async def serve(options):
    handler = Handler(options.mode, options.folder, options.envelopes)
    settings = {"enable_SMTPUTF8": True, "hostname": "mx.test"}
    if options.cert:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.cert, options.key)
        settings.update(tls_context=context, require_starttls=options.require_starttls)
    if options.user:
        settings.update(
            authenticator=authenticator(options.user, options.password),
            auth_required=True,
            auth_require_tls=False,
        )
        # The password of a test over loopback may go in the clear.
        warnings.simplefilter("ignore")
    loop = asyncio.get_running_loop()
    if options.mode == "greeting-5xx":
        server = await asyncio.start_server(refuse, "127.0.0.1", options.port)
    else:
        server = await loop.create_server(
            lambda: SMTP(handler, loop=loop, **settings), "127.0.0.1", options.port
        )
    print("port", server.sockets[0].getsockname()[1], flush=True)
    if options.until_stdin_ends:
        await loop.run_in_executor(None, sys.stdin.read)
    else:
        await asyncio.Event().wait()
    server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", choices=MODES, default="accept")
    parser.add_argument("--folder", required=True, help="where the mails are written")
    parser.add_argument("--envelopes", help="folder for one JSON file a mail")
    parser.add_argument("--until-stdin-ends", action="store_true")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--require-starttls", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--password")
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
