"""The public contract as data, and what is derived from it: compiled schemas, record types, Arrow schemas, features."""

from qantar.schema.registry import Registry

__all__ = ["Registry"]
