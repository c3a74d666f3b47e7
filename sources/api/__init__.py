"""The API's view of sources and citations."""
