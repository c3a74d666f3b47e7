"""Makes a certificate for the site's name that no authority has signed, until the operator puts a real one in its place."""

from __future__ import annotations

import datetime
import ipaddress
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

CERTIFICATE, KEY = "certificate.pem", "key.pem"  # as deploy/nginx.conf names them
GOOD_FOR = datetime.timedelta(days=825)


class Command(BaseCommand):
    help = "Make a self-signed certificate for the host of SITE_URL, unless the folder holds one already."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help=f"Where {CERTIFICATE} and {KEY} are to be.")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if (folder / CERTIFICATE).exists() and (folder / KEY).exists():
            self.stdout.write(f"There is a certificate in {folder}: it stays.")
            return
        host = urlsplit(settings.SITE_URL).hostname or "localhost"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        certificate, key = self_signed(host)
        for name, content in ((KEY, key), (CERTIFICATE, certificate)):
            (folder / name).unlink(missing_ok=True)
            with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
        self.stdout.write(f"Made a certificate for {host} in {folder}. Browsers warn of it: nobody has signed it.")


def self_signed(host: str) -> tuple[bytes, bytes]:
    """Certificate and key for a host name or address, both as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + GOOD_FOR)
        .add_extension(x509.SubjectAlternativeName([_name(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
