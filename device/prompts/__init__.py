"""The unit's spoken words: what it says, the sound files made of it, and how to make them."""
