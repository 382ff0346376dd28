"""Who may ask what, how often, from where."""
