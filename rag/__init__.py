"""Online side: a question becomes passages, then an answer with verified citations, or a refusal."""


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib import metadata

        try:
            return metadata.version("wenju")
        except metadata.PackageNotFoundError:
            return "0 (not installed)"
    raise AttributeError(name)
