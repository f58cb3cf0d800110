"""Plain text mail through the SMTP server that the environment names."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

SECONDS = 20
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class MailError(Exception):
    """The server could not be reached or did not take the message; the text says why."""


class NoAnswer(MailError):
    """Nobody is there: whoever asks again at once waits for nothing."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in: ``smtp`` (in the clear), ``smtp+starttls`` or ``smtps``."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    @classmethod
    def parse(cls, url: str) -> "MailServer":
        """Read ``scheme://user:password@host:port``; raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError(f"an address like smtp+starttls://user:password@host:587 is needed, not one of {parts.scheme or 'no'} scheme")
        return cls(
            parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], unquote(parts.username or ""), unquote(parts.password or "")
        )


def send(server: MailServer, sender: str, to: str, subject: str, body: str) -> None:
    """Hand in one message; raises MailError, NoAnswer where the server cannot be reached."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    message.set_content(body)
    try:
        with _connected(server) as line:
            if server.user:
                line.login(server.user, server.password)
            line.send_message(message)
    except OSError as error:  # smtplib's own are among them
        refused = isinstance(error, smtplib.SMTPException)
        raise (MailError if refused else NoAnswer)(f"{type(error).__name__}: {error}") from error


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=ssl.create_default_context())
    line = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    if server.scheme == "smtp+starttls":
        line.starttls(context=ssl.create_default_context())
    return line
