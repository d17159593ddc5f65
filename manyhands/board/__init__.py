"""What one reads from an upload and its board: values in, values out, and no screen."""
