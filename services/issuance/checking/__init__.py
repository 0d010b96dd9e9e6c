"""The check of a credential, whoever issued it."""
