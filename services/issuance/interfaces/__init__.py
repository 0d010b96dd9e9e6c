"""The interfaces that others have agreed on: VC-API (VCALM), OpenID4VCI, and the Open Badges API. One file for each."""
