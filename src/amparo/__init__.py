"""Amparo: from a stranger's report to hidden, decided by people, verified gone."""
