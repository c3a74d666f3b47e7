"""The API's view of records, corrections and changes, and what the upper apps' parts build on."""
