"""What others build on Manyhands; each example is tested."""
