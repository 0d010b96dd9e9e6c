"""Platforms that publish to Kafka themselves: their topics are read here, and translated onto ours."""
