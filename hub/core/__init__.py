"""The centre's decisions: `handle(event, now) -> effects` and `next_deadline()`. Nothing here touches the world."""
