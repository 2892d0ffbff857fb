"""What the centre itself says on calls: words in six languages (`words.toml`), rendered beforehand (`audio`)."""
