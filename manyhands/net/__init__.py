"""The service and the storage, over the network."""
