"""The certificates that a server's own is checked by: one context for every connection.

The system's store is OpenSSL's, with ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` as OpenSSL reads them
(SSL_CTX_load_verify_locations(3)).  OpenSSL does not report a missing file, and then trusts nobody,
so both are checked first.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path

from pith_tui import trace
from pith_tui.errors import UnreachableError
from pith_tui.patterns import pattern

_BY_HASH = pattern(r"[0-9a-f]{8}\.[0-9]+\Z")
"""The names that OpenSSL looks for in a directory of certificates, see openssl-rehash(1)."""
_NO_CERTIFICATE = "contains no certificate in PEM format"


def context_from_file(path: str, option: str) -> ssl.SSLContext:
    """Return a context that trusts the certificates in a file, and no others.

    ``option`` is the option or setting that names it.  Raises UnreachableError where it cannot
    be used.
    """
    why = _fault_of_file(path)
    if why is None:
        try:
            return ssl.create_default_context(cafile=path)
        except (OSError, ssl.SSLError):
            why = f"{path} {_NO_CERTIFICATE}"
    raise UnreachableError(
        f"{option} cannot be used: {why}", "name a file of CA certificates in PEM format"
    )


def system_context(environment: Mapping[str, str]) -> ssl.SSLContext:
    """Return a context that trusts what the system does, or certifi where the system has nothing.

    Raises UnreachableError where ``SSL_CERT_FILE`` or ``SSL_CERT_DIR`` names what cannot be used.
    """
    file, directory = (environment.get(name, "") for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
    why = _fault_of_file(file) if file else None
    if why is not None:
        raise _unusable("SSL_CERT_FILE", why)
    if directory and not _has_certificates(directory):
        raise _unusable("SSL_CERT_DIR", _fault_of_directory(directory))
    context = ssl.create_default_context()
    if context.cert_store_stats()["x509"]:
        return context
    if file:
        raise _unusable("SSL_CERT_FILE", f"{file} {_NO_CERTIFICATE}")
    # What is in a directory is read only when it is needed, and not counted.
    if not _has_certificates(directory or ssl.get_default_verify_paths().openssl_capath):
        import certifi

        context.load_verify_locations(certifi.where())
        trace.trace(f"the system has no certificates; those of certifi are used: {certifi.where()}")
    return context


def _fault_of_file(path: str) -> str | None:
    """Return what is wrong with a file before anything in it is read; None for nothing."""
    try:
        with open(path, "rb") as file:
            return None if file.read(1) else f"{path} is empty"
    except FileNotFoundError:
        return f"{path} does not exist"
    except OSError as error:
        return f"{path} cannot be read: {error.strerror or error}"


def _fault_of_directory(directories: str) -> str:
    if not any(map(os.path.isdir, directories.split(os.pathsep))):
        return f"{directories} is not a directory"
    return f"{directories} contains no certificate named by its hash (`openssl rehash` names them)"


def _has_certificates(directories: str) -> bool:
    """Return whether OpenSSL could find a certificate in one of the directories."""
    for directory in filter(None, directories.split(os.pathsep)):
        try:
            if any(_BY_HASH.match(entry.name) for entry in Path(directory).iterdir()):
                return True
        except OSError:
            continue  # as OpenSSL does
    return False


def _unusable(variable: str, why: str) -> UnreachableError:
    return UnreachableError(f"{variable} cannot be used: {why}", f"correct or unset {variable}")
