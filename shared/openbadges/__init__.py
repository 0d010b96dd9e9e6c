"""The official JSON Schema of Open Badges 3.0, for whoever makes badges, checks them, or takes parts of them."""
