"""Programs for the Python of an environment with the SDK: started by their path, with nothing of ours beside them."""
