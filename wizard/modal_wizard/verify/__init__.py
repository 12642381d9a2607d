"""The proof: modules that use Modal, imported under the real SDK, before the migration and now. Runs their code."""
