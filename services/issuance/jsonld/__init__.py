"""JSON-LD and its canonical form: prepared for our own documents, bounded for those of strangers."""
