"""Every artefact of deployment, tried for real."""
