"""Offhook: an unofficial mock of Genesys Cloud voice control, made to catch lies about mute.

Public names are loaded on first use (PEP 562), so that `import offhook` costs next to nothing.
"""
