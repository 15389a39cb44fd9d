"""The schemes that can run, by name and version: read by all threads, added to under a lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock

from grantflow.workflow.canonical import parse_scheme, sealed
from grantflow.workflow.machine import Compiled, compile_scheme
from grantflow.workflow.model import Scheme
from grantflow.workflow.registry import Registry


class Engine:
    """Holds what is compiled. A scheme is read back from its canonical text first, so that what runs is what is published."""

    def __init__(self, registry: Registry, schemes: Iterable[Scheme] = ()) -> None:
        self.registry = registry
        self._lock = Lock()
        self._by_hash: Mapping[str, Compiled] = {}
        self._by_key: Mapping[tuple[str, int], Compiled] = {}
        for scheme in schemes:
            self.add(scheme)

    def compiled(self, name: str, version: int, sha256: str | None = None) -> Compiled:
        """Return a scheme that can run; by its hash where one is given.

        Raises:
            KeyError: it was not added yet.
        """
        return self._by_key[name, version] if sha256 is None else self._by_hash[sha256]

    def add(self, scheme: Scheme) -> Compiled:
        """Compile a scheme, once for each text."""
        scheme = scheme if scheme.text else sealed(scheme)
        with self._lock:
            known = self._by_hash.get(scheme.sha256)
            if known is None:
                known = compile_scheme(parse_scheme(scheme.text), self.registry)
            # Readers take no lock: they see the old mapping or the new one, whole.
            self._by_hash = {**self._by_hash, scheme.sha256: known}
            self._by_key = {**self._by_key, scheme.key: known}
        return known

    def all(self) -> tuple[Compiled, ...]:
        """Return every scheme that can run, in the order of names and versions."""
        return tuple(self._by_key[key] for key in sorted(self._by_key))
