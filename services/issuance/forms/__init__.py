"""The forms in which a credential is taken along: badge images that carry it, a certificate on paper, a QR code."""
