"""The commands, a module per subject; each is arguments -> one workflow call -> text or JSON (see the README)."""
