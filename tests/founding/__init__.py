"""Tests that need the founding record. A package, so that its fixture ends with the last of them."""
