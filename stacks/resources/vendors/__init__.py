"""One module per monitoring vendor. A vendor's SDK is loaded only if a stack chooses the vendor."""
