"""The version of the package, and the interface of the libmca that it is written for."""

__version__ = "0.1.0"
INTERFACE = 1
