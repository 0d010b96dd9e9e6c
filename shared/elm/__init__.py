"""An offering, and what was awarded for it, in the terms of the European Learning Model 3. Pure."""
