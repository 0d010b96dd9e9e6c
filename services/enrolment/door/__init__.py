"""The one way in for what platforms send, whatever its format."""
