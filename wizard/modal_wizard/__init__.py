"""modal-wizard: bring a repository written for the Modal SDK before 1.0 to 1.x, one reviewed commit a section."""

__version__ = "0.1.0"
