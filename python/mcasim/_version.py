"""The version of the package, and the interface of the libmca that it is written for."""

__version__ = "0.2.0"
INTERFACE = 1
