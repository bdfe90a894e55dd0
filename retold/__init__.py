"""retold: how was this wire story retold?"""

__version__ = "0.1.0"
