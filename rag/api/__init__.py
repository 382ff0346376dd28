"""The HTTP service. Door to litestar; holds no logic of its own."""
