"""The pure world: what a phone's microphone is, who may mute it, and what is said about it."""
