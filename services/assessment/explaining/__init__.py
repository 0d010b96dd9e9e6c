"""Why a learner passed, or did not, in words. Pure."""
