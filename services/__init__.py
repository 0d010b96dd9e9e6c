"""The four services; they know each other only through events."""

from shared.kit.collector import patient

patient()
