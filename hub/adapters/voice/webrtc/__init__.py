"""Operators' browsers: WebRTC by aiortc in a process of its own, each browser linked to the engine by a socket.

Nothing is asked of the outside but what the settings name: no public STUN server is ever spoken to unasked.
"""
