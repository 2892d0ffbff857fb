"""The contract between unit and centre: vocabulary, messages, topics, codec. Imports pydantic only."""
