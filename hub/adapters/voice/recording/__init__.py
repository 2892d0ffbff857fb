"""Recordings of calls: written encrypted by a process of its own, and heard again only by whoever has the key.

No sound is ever on the disk in the clear. A recording whose writer was killed is heard up to its last whole chunk.
"""
