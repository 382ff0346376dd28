"""What a running service keeps."""
