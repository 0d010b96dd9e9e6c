"""Our credentials in the hands of other people's software, and theirs in ours."""
